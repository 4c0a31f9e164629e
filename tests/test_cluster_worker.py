"""What runs on a cluster's worker, here without a cluster: on what terms it grades."""

from __future__ import annotations

import functools
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from class_folders import write

from grader.cluster_worker import Terms, WorkerRefusal, grade, leave_place, take_place
from grader.fingerprint import fingerprint
from grader.grading import contents
from grader.hand_ins import find_hand_ins
from grader.sandbox import Sandbox
from grader.settings import Settings

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="full isolation is Linux's"),
    pytest.mark.usefixtures("sandbox"),
]
TERMS = Terms(Settings(fingerprint=fingerprint()), fingerprint())


def test_a_worker_grades_what_was_read_elsewhere(tmp_path: Path) -> None:
    """It takes its place by itself, knows what it has graded, and can be sent away twice."""
    write(tmp_path, "ada")
    (hand_in,) = find_hand_ins(tmp_path)
    found = contents(hand_in)
    try:
        record = grade(TERMS, hand_in, found, None)
        assert take_place(TERMS) == "full"
        assert record is not None
        assert record.record["points"] == 100.0
        assert grade(TERMS, hand_in, found, record.key) is None
        refused = grade(TERMS, hand_in, "the zip is damaged", None)
        assert refused is not None
        assert refused.record["status"] == "unreadable"
    finally:
        leave_place(TERMS)
    leave_place(TERMS)


def test_a_worker_with_other_code_refuses() -> None:
    """It says what to do, and starts nothing."""
    with pytest.raises(WorkerRefusal, match="install the same there"):
        take_place(replace(TERMS, code="other"))


def test_a_worker_without_isolation_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what is missing; the next attempt is judged anew."""
    with monkeypatch.context() as patch:
        weak = functools.partial(Sandbox, without={"landlock"})
        patch.setattr("grader.grading.Sandbox", weak)
        with pytest.raises(WorkerRefusal, match="no Landlock"):
            take_place(TERMS)
    try:
        assert take_place(TERMS) == "full"
    finally:
        leave_place(TERMS)
