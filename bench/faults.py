"""Kills processes of a running `nnv grade` at random moments, and holds its results against calm.

    python bench/faults.py --times 100 --seed 1

Each time one process is killed: the grader, a worker, a fork server or a student's process, in
turn. A killed grader is started again. Then the results must be those of an undisturbed run, byte
for byte, with each submission stored once, and no process may be left over. Linux only.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import hand_ins
from meter import tree

KINDS = ("grader", "worker", "server", "student")
_NNV = "from grader.cli import main; main()"
_WAIT_S = 120.0
_LEFT_S = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one kill.

    Attributes:
        kind: what was to be killed.
        killed: whether there was one to be killed before the run ended.
        after_s: seconds after the start.
        faults: what is not as it should be; empty where all is well.
    """

    kind: str
    killed: bool
    after_s: float
    faults: tuple[str, ...]


def start(folder: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    """Start the real command."""
    return subprocess.Popen(
        [sys.executable, "-c", _NNV, "grade", folder, "--out", out, "--workers", "2", *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def calm(folder: Path, out: Path) -> tuple[bytes, float]:
    """Grade undisturbed: the results, and how long it took."""
    begin = time.monotonic()
    process = start(folder, out)
    said, _ = process.communicate(timeout=_WAIT_S)
    if process.returncode:
        raise RuntimeError(f"the undisturbed run failed:\n{said}")
    return (out / "results.json").read_bytes(), time.monotonic() - begin


def disturb(folder: Path, out: Path, expected: bytes, kind: str, delay: float) -> Outcome:
    """Grade, and kill a process of this kind as soon after `delay` seconds as there is one."""
    begin = time.monotonic()
    process = start(folder, out)
    family: set[int] = set()
    killed = False
    while process.poll() is None and not killed:
        late = time.monotonic() - begin >= delay
        killed = late and _kill(process.pid, kind, family)
        time.sleep(0.01)
    after = time.monotonic() - begin
    said, _ = process.communicate(timeout=_WAIT_S)
    faults = []
    if killed and kind == "grader":
        faults += _left_over(family)
        again = start(folder, out)
        said, _ = again.communicate(timeout=_WAIT_S)
        process = again
    if process.returncode:
        faults.append(f"status {process.returncode}: {said[-500:]}")
    faults += check(out, expected)
    return Outcome(kind, killed, round(after, 2), tuple(faults))


def _kill(grader: int, kind: str, family: set[int]) -> bool:
    family |= set(tree(grader))
    there = [pid for pid in members(grader, kind) if pid != os.getpid()]
    if not there:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(random.choice(there), signal.SIGKILL)
        return True
    return False


def members(grader: int, kind: str) -> list[int]:
    """The processes of one kind in a grader's tree."""
    workers = [pid for pid in _children(grader) if b"spawn_main" in _command(pid)]
    outer = [pid for worker in workers for pid in _children(worker)]
    inner = [pid for server in outer for pid in _children(server)]
    first = [pid for pid in inner if _number(pid) == 1]  # of a namespace: it is the server itself
    students = [pid for pid in inner if pid not in first]
    students += [pid for server in first for pid in _children(server)]
    return {"grader": [grader], "worker": workers, "server": outer + first, "student": students}[
        kind
    ]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def _command(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _number(pid: int) -> int:
    """A process's number in its own namespace."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("NSpid:"):
                return int(line.split()[-1])
    return 0


def _left_over(family: set[int]) -> list[str]:
    """Wait for a killed grader's processes to end, and name those that do not."""
    deadline = time.monotonic() + _LEFT_S
    while left := [pid for pid in family if Path(f"/proc/{pid}/exe").exists()]:
        if time.monotonic() > deadline:
            return [f"{len(left)} processes were left over"]
        time.sleep(0.05)
    return []


def check(out: Path, expected: bytes) -> list[str]:
    """Say what differs from an undisturbed run: marks lost, twice or wrong."""
    try:
        found = (out / "results.json").read_bytes()
    except OSError:
        return ["no results.json"]
    base = sqlite3.connect(out / "results.sqlite")
    try:
        stored = Counter(student for (student,) in base.execute("SELECT student FROM submission"))
    finally:
        base.close()
    due = {entry["student"]: entry for entry in json.loads(expected)["submissions"]}
    got = {entry["student"]: entry for entry in json.loads(found)["submissions"]}
    faults = [f"{name}: lost" for name in due if name not in got or not stored[name]]
    faults += [f"{name}: stored {n} times" for name, n in stored.items() if n > 1]
    faults += [
        f"{name}: {_difference(got[name], due[name])}"
        for name in due
        if name in got and got[name] != due[name]
    ]
    if found != expected and not faults:
        faults.append("results.json differs")
    return faults


def _difference(got: dict[str, object], due: dict[str, object]) -> str:
    if got["status"] != due["status"]:
        return f"{got['status']} ({got['reason']}), due {due['status']}"
    mine, theirs = got["functions"], due["functions"]
    assert isinstance(mine, dict)
    assert isinstance(theirs, dict)
    names = [name for name in theirs if mine.get(name) != theirs[name]]
    return ", ".join(f"{n} {mine[n]['verdict']}, due {theirs[n]['verdict']}" for n in names)


def main() -> None:
    """Kill as often as asked for, in turn of the kinds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40, help="hand-ins of the class")
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=KINDS)
    asked = parser.parse_args()
    random.seed(asked.seed)
    killed: Counter[str] = Counter()
    bad = 0
    with tempfile.TemporaryDirectory(prefix="nnv-faults-") as place:
        folder = Path(place) / "class"
        hand_ins.write(folder, asked.count)
        expected, seconds = calm(folder, Path(place) / "calm")
        for number in range(asked.times):
            kind = asked.kinds[number % len(asked.kinds)]
            out = Path(place) / f"out-{number}"
            outcome = disturb(folder, out, expected, kind, random.uniform(0, seconds))
            killed[kind] += outcome.killed
            bad += bool(outcome.faults)
            verdict = "; ".join(outcome.faults) or "the same results"
            what = "killed" if outcome.killed else "ended before its"
            when = f"{number + 1:>4} {what} {kind} after {outcome.after_s:.2f} s"
            print(f"{when}: {verdict}", flush=True)
    print(f"killed: {dict(killed)}; {bad} of {asked.times} runs not as they should be")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
