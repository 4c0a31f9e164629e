"""Where the time of one submission goes, by phase: a clock around the parts of one grader.

    python bench/phases.py FOLDER

Each phase's own time, without that of phases within it, on the clock and in CPU seconds of the
grader's own process; what is left of the clock is waiting for the student's process.
"""

from __future__ import annotations

import argparse
import functools
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader import grading, marking
from grader.diagnosis import Diagnosis
from grader.hand_ins import find_hand_ins
from grader.results import Results
from grader.sandbox import Guest, Sandbox
from grader.settings import Settings

# Phase, whose part, its name. A part that is no more there is left out.
PARTS: tuple[tuple[str, Any, str], ...] = (
    ("read the hand-in", grading, "contents"),
    ("fork and confine", Sandbox, "_fork"),
    ("load the student's code", Guest, "load"),
    ("make the calls", Guest, "next_reply"),
    ("make the calls", Guest, "run"),
    ("load it again with references in place", Guest, "load_again"),
    ("end the process", Guest, "close"),
    ("name misconceptions", Diagnosis, "misconception"),
    ("write messages", marking.Marker, "_mark_of"),
    ("judge outcomes", marking.Marker, "mark"),
    ("write feedback", grading, "student_feedback"),
    ("store results", Results, "store"),
    ("store feedback", Results, "write_text"),
)


class Clock:
    """Keeps each phase's own time."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self.times: dict[str, int] = {}
        self._inner: list[list[float]] = []

    def around(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with a clock around it."""

        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            self._inner.append([0.0, 0.0])
            wall, cpu = time.perf_counter(), time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
                inner_wall, inner_cpu = self._inner.pop()
                self.wall[phase] = self.wall.get(phase, 0.0) + wall - inner_wall
                self.cpu[phase] = self.cpu.get(phase, 0.0) + cpu - inner_cpu
                self.times[phase] = self.times.get(phase, 0) + 1
                if self._inner:
                    self._inner[-1][0] += wall
                    self._inner[-1][1] += cpu

        return timed


def profile(folder: Path) -> dict[str, dict[str, float]]:
    """Grade a folder in this process, with clocks.

    Returns:
        For each phase: milliseconds a submission on the clock (`wall_ms`), of this process's own
        (`cpu_ms`), and how often it comes a submission (`times`).
    """
    hand_ins = find_hand_ins(folder)
    grader = grading.Grader(Settings())
    clock, kept = Clock(), []
    for phase, owner, name in PARTS:
        if hasattr(owner, name):
            kept.append((owner, name, getattr(owner, name)))
            setattr(owner, name, clock.around(phase, getattr(owner, name)))
    whole = clock.around("all the rest", _all)
    try:
        with tempfile.TemporaryDirectory() as out, Results(Path(out)) as results:
            whole(grader, hand_ins, results)
    finally:
        for owner, name, function in kept:
            setattr(owner, name, function)
        grader.close()
    each = 1000 / len(hand_ins)
    return {
        phase: {
            "wall_ms": round(clock.wall[phase] * each, 4),
            "cpu_ms": round(clock.cpu[phase] * each, 4),
            "times": round(clock.times[phase] / len(hand_ins), 2),
        }
        for phase in sorted(clock.wall, key=lambda phase: -clock.wall[phase])
    }


def _all(grader: grading.Grader, hand_ins: Any, results: Results) -> None:
    for hand_in in hand_ins:
        record = grader.grade(hand_in)
        assert record is not None
        results.store(record)
        results.write_text(f"feedback/{hand_in.student}.md", record.feedback)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    print(json.dumps(profile(parser.parse_args().folder), indent=2))
