"""A small class whose results lie in a folder, as grading leaves them."""

from __future__ import annotations

import copy
import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.feedback.markdown import student_feedback
from grader.names import safe_filenames
from grader.results import Record, Results
from nnv.manifest import manifest

HandIns = Sequence[tuple[str, str | None, Sequence[str]]]
MakeClass = Callable[..., Path]


def graded(student: str, wrong: Sequence[str] = (), **other: Any) -> dict[str, Any]:
    """The entry of a student who has these functions wrong."""
    functions: dict[str, Any] = {}
    for function in manifest().functions:
        bad = function.name in wrong
        points = 0.0 if bad else function.points
        verdict = "failed" if bad else "passed"
        message = f"{function.name}(1)\n  gave      0\n  expected  1" if bad else None
        test = {"name": "test_numbers", "points": points, "max_points": function.points}
        functions[function.name] = {
            "points": points,
            "max_points": function.points,
            "verdict": verdict,
            "carried_forward": [],
            "misconception": None,
            "message": message,
            "tests": [{**test, "verdict": verdict, "message": message}],
        }
    record = {
        "student": student,
        "status": "graded",
        "reason": None,
        "source": "modules",
        "submitted": "2026-11-22T09:00:00Z",
        "late": False,
        "points": sum(mark["points"] for mark in functions.values()),
        "max_points": manifest().max_points,
        "functions": functions,
        "quiz": None,
    }
    return {**record, **copy.deepcopy(other)}


def quiz(points: float) -> dict[str, Any]:
    """A mark of a quiz with one question."""
    question = {"points": points, "max_points": 3.0, "unsure": True, "feedback": "look again"}
    return {"points": points, "max_points": 3.0, "questions": {"collapse": question}}


def stopped(student: str, status: str, reason: str) -> dict[str, Any]:
    """The entry of a student whose hand-in was not graded."""
    empty = {"functions": {}, "points": 0.0, "source": None, "submitted": None}
    return graded(student, status=status, reason=reason, **empty)


@pytest.fixture
def make_class(tmp_path: Path) -> MakeClass:
    """Write a results folder: ``make_class(entry, ..., hand_ins=[...])``."""

    def make(*records: dict[str, Any], hand_ins: HandIns = ()) -> Path:
        folder = tmp_path / "results"
        files = safe_filenames(record["student"] for record in records)
        with Results(folder) as results:
            for record in records:
                results.store(Record.of("key", record))
                results.write_text(
                    f"feedback/{files[record['student']]}.md",
                    student_feedback(record, manifest()),
                )
            results.describe(assignment="lesson04", isolation="full")
            results.keep_present(record["student"] for record in records)
            results.note_hand_ins(hand_ins)
            results.write_json()
        return folder

    return make


@pytest.fixture
def roster(tmp_path: Path) -> Callable[[str], Path]:
    """Write a roster: ``roster(text)``."""

    def write(text: str) -> Path:
        path = tmp_path / "roster.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def rows(path: Path) -> list[list[str]]:
    """A CSV as Python's own reader has it, with no byte order mark allowed."""
    text = path.read_bytes().decode("utf-8")
    assert not text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))
