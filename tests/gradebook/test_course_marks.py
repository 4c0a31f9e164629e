"""Extensions and marks set by hand in nbgrader's gradebook, over gradings and beside formgrader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from nbgrader.api import Gradebook
from nbgrader_school import ASSIGNMENT, CLASS, NOTEBOOK, School, found_school

from grader.cli import group
from grader.sandbox import Sandbox

BY_HAND = (
    "schema_version: 1\noverrides:\n"
    "  - {student: partial, function: dense, points: 5, reason: oral exam}\n"
    "  - {student: partial, quiz: neuron-computes, points: 1, reason: lab}\n"
)
LATE = "c.LateSubmissionPlugin.penalty_method = 'zero'\n"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> School:
    """A course with two hand-ins, both a day late."""
    school = found_school(tmp_path_factory.mktemp("by-hand"), LATE)
    school.nbgrader("db", "assignment", "add", ASSIGNMENT, "--duedate", "2026-11-02 00:00:00 UTC")
    for student in ("partial", "complete"):
        school.hand_in(student, CLASS[student](school.released()), "2026-11-03 00:00:00 UTC")
    return school


def _grade(school: School) -> Result:
    return CliRunner().invoke(group(), ["grade", "--course", str(school.folder), "--workers", "1"])


def _gradebook(school: School) -> Gradebook:
    return Gradebook(f"sqlite:///{school.folder / 'gradebook.db'}")


def _scores(school: School, student: str) -> Any:
    with _gradebook(school) as gradebook:
        found = gradebook.find_submission_notebook(NOTEBOOK, ASSIGNMENT, student)
        return found.score, found.late_submission_penalty


def _dense(school: School) -> Any:
    with _gradebook(school) as gradebook:
        where = (NOTEBOOK, ASSIGNMENT, "partial")
        grade = gradebook.find_grade("dense", *where)
        comment = gradebook.find_comment("write-dense", *where)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def test_marks_set_by_hand_and_extensions_come_into_the_gradebook(school: School) -> None:
    """They stand over gradings, change with their file, and go with it; formgrader's stand."""
    settings, by_hand = school.folder / "course.yaml", school.folder / "overrides.yaml"
    by_hand.write_text(BY_HAND)
    (school.folder / "roster.csv").write_text("login,extension\npartial,2\ncomplete,\n")
    settings.write_text("roster: roster.csv\n")
    for _ in range(2):
        result = _grade(school)
        assert (result.exit_code, result.stderr.count("\n")) == (0, 1), result.stderr
        assert _dense(school) == (5.0, False, "Set by hand: oral exam")
        assert _scores(school, "partial")[1] is None
        assert _scores(school, "complete") == (100.0, 100.0)
    earned = _scores(school, "partial")[0]
    quiz = school.grades("partial", "quiz")["quiz-neuron-computes"]
    assert (quiz["manual_score"], quiz["needs_manual_grade"]) == (1.0, False)

    by_hand.write_text(BY_HAND.replace("points: 5", "points: 6"))
    _grade(school)
    assert _scores(school, "partial")[0] == earned + 1

    with _gradebook(school) as gradebook:
        where = (NOTEBOOK, ASSIGNMENT, "partial")
        gradebook.find_grade("dense", *where).manual_score = 9.0
        gradebook.find_comment("write-dense", *where).manual_comment = "looked at it"
        gradebook.db.commit()
    result = _grade(school)
    assert result.exit_code == 1
    assert "dense of partial has 9 points by hand in the gradebook, which stand" in result.stderr
    assert _dense(school)[0] == 9.0

    by_hand.write_text("")
    assert _grade(school).exit_code == 0
    assert _dense(school)[0] == 9.0
    assert school.grades("partial", "quiz")["quiz-neuron-computes"]["manual_score"] is None


def test_what_nbgrader_does_itself_is_said(school: School) -> None:
    """Totals, due times and penalties of ours do not count there; strangers are named."""
    (school.folder / "course.yaml").write_text("due: 2026-11-02T00:00\n")
    (school.folder / "overrides.yaml").write_text(
        "overrides:\n  - {student: partial, total: true, points: 6, reason: x}\n"
        "  - {student: partail, function: relu, points: 6, reason: x}\n"
    )
    result = _grade(school)
    assert result.exit_code == 1
    assert "do not count in an nbgrader course" in result.stderr
    assert "nbgrader has no total to be set" in result.stderr
    assert "no hand-in of 'partail'; did you mean 'partial'?" in result.stderr


def test_a_slip_stops_before_grading(school: School, tmp_path: Path) -> None:
    """As without nbgrader: exit status 2, and the place of the slip."""
    (school.folder / "overrides.yaml").write_text(BY_HAND.replace("dense", "danse"))
    result = _grade(school)
    assert result.exit_code == 2
    assert "did you mean 'dense'?" in result.stderr


def test_a_folder_without_hand_ins_stops_before_grading(school: School, tmp_path: Path) -> None:
    """A slip in the folder's name does not leave a course with nothing graded unnoticed."""
    (school.folder / "overrides.yaml").write_text("")
    arguments = ["grade", str(tmp_path), "--course", str(school.folder)]
    result = CliRunner().invoke(group(), arguments)
    assert (result.exit_code, "no hand-in found" in result.stderr) == (2, True)
