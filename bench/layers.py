"""What each layer of isolation costs: the same hand-ins with one layer left out, or all.

    python bench/layers.py FOLDER

It runs student code with less confinement than it should have: for our own hand-ins.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import time
from pathlib import Path

from meter import cpu_seconds

from grader.hand_ins import find_hand_ins
from grader.marking import Marker
from grader.sandbox import Sandbox
from grader.submission import Submission, read
from nnv.manifest import manifest

LAYERS = ("landlock", "seccomp", "namespaces")
WITHOUT: dict[str, tuple[str, ...]] = {
    "full isolation": (),
    **{f"without {layer}": (layer,) for layer in LAYERS},
    "without all three": LAYERS,
}


def costs(folder: Path, rounds: int = 3) -> dict[str, dict[str, float]]:
    """Mark a folder's hand-ins in sandboxes that lack something, in turn.

    Returns:
        For each: milliseconds a submission, on the clock and of CPU; the median of the rounds.
    """
    submissions = [read(hand_in) for hand_in in find_hand_ins(folder)]
    boxes = {name: Sandbox(without=without) for name, without in WITHOUT.items()}
    markers = {name: Marker(manifest(), box) for name, box in boxes.items()}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in WITHOUT}
    try:
        for _, (name, marker) in itertools.product(range(rounds), markers.items()):
            found[name].append(_mark(marker, submissions))
    finally:
        for box in boxes.values():
            box.close()
    return {
        name: {
            "wall_ms": round(statistics.median(wall for wall, _ in taken), 3),
            "cpu_ms": round(statistics.median(cpu for _, cpu in taken), 3),
        }
        for name, taken in found.items()
    }


def _mark(marker: Marker, submissions: list[Submission]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), cpu_seconds(os.getpid())
    for submission in submissions:
        marker.mark(submission)
    each = 1000 / len(submissions)
    return (time.perf_counter() - wall) * each, (cpu_seconds(os.getpid()) - cpu) * each


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print(json.dumps(costs(asked.folder, asked.rounds), indent=2))
