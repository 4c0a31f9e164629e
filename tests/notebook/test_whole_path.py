"""A class goes the whole way through nbgrader's real commands."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from nbgrader_school import ASSIGNMENT, CLASS, NOTEBOOK, School, cell_of, found_school, read

from grader.run import Options, grade
from nnv.manifest import manifest

pytest.importorskip("nbgrader")

ON_TIME = "2026-11-01 09:00:00 UTC"
TOO_LATE = "2026-11-03 09:00:00 UTC"
BROKEN = b'{"cells": [{"cell_type": "code", "source": "def relu(z): return'
# By nbgrader's own means: released, fetched, submitted and collected.
THROUGH_THE_EXCHANGE = "complete"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, sandbox: object) -> School:
    """A class of nine whose hand-ins nbgrader has graded; feedback and export are made too."""
    folder = tmp_path_factory.mktemp("whole-path")
    exchange = folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    school = found_school(
        folder,
        f'c.Exchange.root = "{exchange}"\nc.LateSubmissionPlugin.penalty_method = "zero"\n',
    )
    school.nbgrader("db", "assignment", "add", ASSIGNMENT, "--duedate", "2026-11-02 00:00:00 UTC")
    school.nbgrader("release_assignment", ASSIGNMENT)
    _exchange(school, folder / "student")
    for student, write in CLASS.items():
        if student != THROUGH_THE_EXCHANGE:
            notebook = json.loads(
                json.dumps(write(school.released())).replace(
                    "GRADEBOOK", repr(str(school.folder / "gradebook.db"))[1:-1].join(["'", "'"])
                )
            )
            school.hand_in(student, notebook, TOO_LATE if student == "late" else ON_TIME)
    said = school.nbgrader("autograde", ASSIGNMENT)
    assert "No notebooks were matched" not in said
    school.hand_in("broken", BROKEN, ON_TIME)
    school.nbgrader("autograde", ASSIGNMENT, "--student", "broken", fails=True)
    school.nbgrader("generate_feedback", ASSIGNMENT)
    school.nbgrader("release_feedback", ASSIGNMENT, "--student", THROUGH_THE_EXCHANGE)
    school.nbgrader("export")
    return school


def _exchange(school: School, student: Path) -> None:
    """One student fetches, works and submits; the instructor collects."""
    student.mkdir()
    shutil.copy(school.folder / "nbgrader_config.py", student)
    school.nbgrader("fetch_assignment", ASSIGNMENT, cwd=student)
    path = student / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    path.write_text(json.dumps(CLASS[THROUGH_THE_EXCHANGE](read(path))))
    school.nbgrader("submit", ASSIGNMENT, "--student", THROUGH_THE_EXCHANGE, cwd=student)
    school.nbgrader("collect", ASSIGNMENT)
    # It was submitted now, which is later than the due date of this class.
    time = school.folder / "submitted" / THROUGH_THE_EXCHANGE / ASSIGNMENT / "timestamp.txt"
    assert str(datetime.now(UTC).year) in time.read_text()
    time.write_text(ON_TIME)


@pytest.fixture(scope="module")
def by_nnv(school: School, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What `nnv grade` makes of the same notebooks, by student."""
    folder = tmp_path_factory.mktemp("by-nnv")
    for hand_in in sorted((school.folder / "submitted").iterdir()):
        (folder / "in").mkdir(exist_ok=True)
        shutil.copy(
            hand_in / ASSIGNMENT / f"{NOTEBOOK}.ipynb", folder / "in" / f"{hand_in.name}.ipynb"
        )
    grade(Options(submissions=folder / "in", out=folder / "out", quiet=True, workers=2))
    results = json.loads((folder / "out" / "results.json").read_text())
    return {found["student"]: found for found in results["submissions"]}


@pytest.mark.parametrize("student", CLASS)
def test_marks_are_those_of_nnv_grade(
    school: School, by_nnv: dict[str, dict[str, Any]], student: str
) -> None:
    """Function by function, the gradebook holds what `nnv grade` gives for the same notebook."""
    due = {name: mark["points"] for name, mark in by_nnv[student]["functions"].items()}
    assert list(due) == list(manifest().names)
    assert due == {name: school.grades(student)[name]["auto_score"] for name in due}


@pytest.mark.parametrize(
    ("student", "points"),
    [("complete", 100), ("empty", 0), ("cheating", 0), ("deleted", 100), ("late", 100)],
)
def test_points_of_students_whose_points_are_plain(
    school: School, student: str, points: float
) -> None:
    """Full marks for all that is right, none for what is not written or faked."""
    assert sum(g["auto_score"] for g in school.grades(student).values()) == points


def test_one_mistake_costs_its_points_once(school: School) -> None:
    """With a wrong relu its callers keep their points; what does not load has none."""
    grades = school.grades("wrong")
    assert grades["relu"]["auto_score"] < 8
    assert grades["dense"]["auto_score"] == 12
    assert grades["collapse"]["auto_score"] == 0


def test_of_duplicated_cells_the_last_counts(school: School) -> None:
    """Cells that are there twice neither stop nbgrader nor cost points."""
    grades = school.grades("duplicated")
    assert [grades[name]["auto_score"] for name in ("relu", "neuron", "dense")] == [8, 8, 12]


def test_a_broken_notebook_has_no_points_and_waits_for_a_person(
    school: School, by_nnv: dict[str, dict[str, Any]]
) -> None:
    """A file that is no notebook is reported, earns nothing, and needs a person."""
    grades = school.grades("broken").values()
    assert by_nnv["broken"]["status"] == "unreadable"
    assert {grade["auto_score"] for grade in grades} == {None}
    assert all(grade["needs_manual_grade"] for grade in grades)


def test_late_work_keeps_its_points_and_gets_the_penalty(school: School) -> None:
    """Nbgrader's late penalty is its own; the marks beneath it stay."""
    rows = {
        row["student_id"]: row
        for row in csv.DictReader((school.folder / "grades.csv").read_text().splitlines())
    }
    assert float(rows["late"]["raw_score"]) == 100
    assert float(rows["late"]["score"]) == 0
    assert float(rows["complete"]["score"]) == 100


def test_the_gradebook_is_out_of_reach(school: School) -> None:
    """Code that writes to gradebook.db changed nothing: the others' marks are whole."""
    assert sum(g["auto_score"] for g in school.grades("empty").values()) == 0
    assert b"all points are mine" not in (school.folder / "gradebook.db").read_bytes()


def test_feedback_names_the_misconception_and_the_smallest_input(school: School) -> None:
    """The page has, under the function, our message and what the mistake is called."""
    page = (school.folder / "feedback" / "partial" / ASSIGNMENT / f"{NOTEBOOK}.html").read_text()
    assert "behaves like a layer that forgets the bias" in page
    assert "dense(" in page.split("behaves like a layer that forgets the bias")[1]
    assert "expected" in page


@pytest.mark.parametrize("student", CLASS)
def test_feedback_never_shows_the_hidden_regions(school: School, student: str) -> None:
    """Neither nbgrader's marks nor the guard nor the suites' names are on a page."""
    page = (school.folder / "feedback" / student / ASSIGNMENT / f"{NOTEBOOK}.html").read_text()
    for secret in ("HIDDEN TESTS", "NBGRADER_EXECUTION=autograde", "grader.suites", "test_dense"):
        assert secret not in page


def test_feedback_is_released(school: School) -> None:
    """`nbgrader release_feedback` finds the page of the one who submitted through nbgrader."""
    exchange = school.folder.parent / "exchange" / "nn-visually" / "feedback"
    assert list(exchange.glob("*.html"))


def test_outputs_that_a_student_left_are_gone(school: School) -> None:
    """A number that a student left as a result in a graded cell has no part in the marks."""
    cell = cell_of(school.autograded("cheating"), "relu")
    results = [o for o in cell["outputs"] if o["output_type"] == "execute_result"]
    assert ["".join(o["data"]["text/plain"]) for o in results] == ["0.0"]
