"""What tests of whole runs share: folders of hand-ins, `nnv grade` as a process, what it leaves."""

from __future__ import annotations

import ctypes
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conftest import references

_NNV = [sys.executable, "-c", "from grader.cli import main; main()"]
_WHEN = 1_750_000_000
_SUBREAPER = 36


def write(folder: Path, student: str, **modules: str) -> None:
    """Write a right hand-in, with some modules written otherwise."""
    place = folder / student
    place.mkdir(parents=True, exist_ok=True)
    for name, text in (references() | modules).items():
        (place / f"{name}.py").write_text(text, encoding="utf-8")
        os.utime(place / f"{name}.py", (_WHEN, _WHEN))


def start(*arguments: str | Path, group: bool = False, **variables: str) -> subprocess.Popen[str]:
    """Start `nnv` with these arguments and further environment variables.

    With `group` it and its processes can get a signal together, as a terminal sends it.
    """
    return subprocess.Popen(
        [*_NNV, *map(str, arguments)],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=group,
    )


def run(*arguments: str | Path, **variables: str) -> tuple[int, str, str]:
    """Run `nnv`; gives its exit status, standard output and error."""
    process = start(*arguments, **variables)
    out, error = process.communicate(timeout=550)
    return process.returncode, out, error


def results(out: Path) -> dict[str, dict[str, Any]]:
    """The entries of ``results.json``, by student."""
    found = json.loads((out / "results.json").read_text(encoding="utf-8"))
    return {record["student"]: record for record in found["submissions"]}


def stored(out: Path) -> int:
    """How many submissions the database holds."""
    try:
        with sqlite3.connect(f"file:{out / 'results.sqlite'}?mode=ro", uri=True) as base:
            return int(base.execute("SELECT count(*) FROM submission").fetchone()[0])
    except sqlite3.Error:
        return 0


def wait_until(reached: Callable[[], object], seconds: float = 60) -> bool:
    """Wait until something is so; tell whether it came to be."""
    until = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def running() -> set[int]:
    """The processes that this one has started, and those that they have left behind."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


@contextmanager
def adopting() -> Iterator[set[int]]:
    """Have orphaned processes become this one's children; gives those that run already."""
    libc = ctypes.CDLL(None)
    libc.prctl(_SUBREAPER, 1, 0, 0, 0)
    try:
        yield running()
    finally:
        libc.prctl(_SUBREAPER, 0, 0, 0, 0)
