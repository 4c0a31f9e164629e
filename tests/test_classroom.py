"""A class's way through workers: hand-ins whose worker dies, memory, processors."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from class_folders import write

from grader.classroom import Classroom, Task, _share
from grader.grading import Grader
from grader.hand_ins import find_hand_ins
from grader.results import Record
from grader.sandbox import Sandbox
from grader.settings import IsolationError, Settings

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="full isolation is Linux's"),
    pytest.mark.usefixtures("sandbox"),
]
SLOW = "import time\n\ntime.sleep(1.5)\n"


def test_a_hand_in_that_ends_two_workers_is_given_up(tmp_path: Path) -> None:
    """It is a fault of the grader's, to be reported; the others are graded."""
    write(tmp_path, "ada", relu=SLOW)
    write(tmp_path, "bob")
    classroom = Classroom(Settings(), workers=1)
    records: dict[str, Record] = {}
    killer = threading.Thread(target=_kill_workers_with, args=(classroom, "ada", records))
    killer.start()
    classroom.grade(find_hand_ins(tmp_path), {}, lambda task, record: _keep(records, task, record))
    killer.join()
    assert records["ada"].record["status"] == "grader_error"
    assert "ended 2 times" in records["ada"].record["reason"]
    assert records["bob"].record["points"] == 100.0


def _keep(records: dict[str, Record], task: Task, record: Record | None) -> None:
    assert record is not None
    records[task.hand_in.student] = record


def _kill_workers_with(classroom: Classroom, student: str, records: dict[str, Record]) -> None:
    killed: set[int] = set()
    while student not in records:
        for worker in list(classroom._workers):
            pid = worker.process.pid
            first = worker.in_hand[0].hand_in.student if worker.in_hand else None
            if first == student and pid is not None and pid not in killed:
                killed.add(pid)
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def test_workers_have_processors_of_their_own() -> None:
    """No two workers share one as long as there are enough; each has at least one."""
    there = os.sched_getaffinity(0)
    for seats in (2, 3, 5):
        shares = [_share(seat, seats) for seat in range(seats)]
        assert all(share and share <= there for share in shares)
        if seats <= len(there):
            assert sum(map(len, shares)) == len(frozenset().union(*shares))


def test_a_single_worker_may_use_all_processors() -> None:
    """Nothing is taken from the only one."""
    assert _share(0, 1) == frozenset()


def test_weak_isolation_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A grader does not start where a part of full isolation is missing, unless told to."""

    def weak() -> Sandbox:
        return Sandbox(without={"seccomp"})

    monkeypatch.setattr("grader.grading.Sandbox", weak)
    with pytest.raises(IsolationError, match="no seccomp"):
        Grader(Settings())
    grader = Grader(Settings(allow_weak=True))
    try:
        assert grader.isolation.startswith("weak: no seccomp")
    finally:
        grader.close()


def test_a_fault_while_reading_stops_one_hand_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A fault of the reader's own is reported as such, and the next hand-in is graded."""
    write(tmp_path, "ada")
    (hand_in,) = find_hand_ins(tmp_path)
    grader = Grader(Settings())
    try:
        with monkeypatch.context() as patch:
            patch.setattr("grader.grading.read", lambda _: 1 // 0)
            broken = grader.grade(hand_in)
        whole = grader.grade(hand_in)
    finally:
        grader.close()
    assert broken is not None
    assert whole is not None
    assert (broken.record["status"], broken.key) == ("grader_error", "")
    assert (whole.record["status"], whole.record["points"]) == ("graded", 100.0)


def test_memory_stays_flat(tmp_path: Path) -> None:
    """Hand-ins with large results leave nothing behind in the grader."""
    big = "import numpy as np\n\n\ndef xor_layers():\n"
    big += "    wide = np.full((2, 100_000), 0.5)\n"
    big += "    return [(wide, np.zeros(100_000)), (np.zeros((100_000, 1)), np.zeros(1))]\n"
    for number in range(18):
        write(tmp_path, f"s{number}", network=f"{big}\n\ndef relu(z):\n    return {number}\n")
    grader = Grader(Settings())
    try:
        used = []
        for hand_in in find_hand_ins(tmp_path):
            grader.grade(hand_in)
            gc.collect()
            used.append(_resident())
    finally:
        grader.close()
    assert used[-1] - used[5] < 16 << 20


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
