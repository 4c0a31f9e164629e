"""A class goes the whole way through nbgrader's real commands."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import references
from nbgrader.api import Gradebook
from nbgrader_school import ASSIGNMENT, CLASS, NOTEBOOK, School, cell_of, found_school, read

from grader.gradebook.nbgrader import CourseOptions, grade_course
from grader.run import Options, grade
from nnv.manifest import manifest

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
    shutil.copy(school.folder / "gradebook.db", folder / "fresh.db")
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


@pytest.fixture(scope="module")
def direct(school: School, tmp_path_factory: pytest.TempPathFactory) -> School:
    """The same class, graded by `nnv grade --course` into a course that knows nothing yet."""
    folder = tmp_path_factory.mktemp("direct")
    for name in ("nbgrader_config.py", "source", "submitted"):
        there = school.folder / name
        if there.is_dir():
            shutil.copytree(there, folder / "course" / name)
        else:
            (folder / "course").mkdir()
            shutil.copy(there, folder / "course" / name)
    shutil.copy(school.folder.parent / "fresh.db", folder / "course" / "gradebook.db")
    found = School(folder / "course", school.home)
    summary = grade_course(CourseOptions(found.folder, workers=2))
    assert (summary.graded, [name for name, _ in summary.faults]) == (len(CLASS), ["broken"])
    found.nbgrader("generate_feedback", ASSIGNMENT)
    found.nbgrader("export")
    return found


COMPARED = ("auto_score", "manual_score", "needs_manual_grade", "max_score", "failed_tests")


@pytest.mark.parametrize("notebook", [NOTEBOOK, "quiz"])
@pytest.mark.parametrize("student", [*CLASS, "broken"])
def test_the_course_holds_the_same_grades(
    school: School, direct: School, student: str, notebook: str
) -> None:
    """`nnv grade --course` leaves the grades that `nbgrader autograde` leaves."""
    theirs, ours = school.grades(student, notebook), direct.grades(student, notebook)
    assert {n: [g[k] for k in COMPARED] for n, g in theirs.items()} == {
        n: [g[k] for k in COMPARED] for n, g in ours.items()
    }


@pytest.mark.parametrize("student", CLASS)
def test_the_course_holds_the_same_notebooks(school: School, direct: School, student: str) -> None:
    """Cell by cell, the autograded notebooks say the same."""
    assert [_plain(c) for c in school.autograded(student)["cells"]] == [
        _plain(c) for c in direct.autograded(student)["cells"]
    ]


def _plain(cell: dict[str, Any]) -> dict[str, Any]:
    """A cell with its texts joined, and with nbgrader's metadata alone."""
    outputs = [
        {**o, "data": {kind: "".join(text) for kind, text in o["data"].items()}}
        for o in cell.get("outputs", [])
    ]
    # Nbgrader leaves `task` out of a cell that it adds.
    meta = {**cell["metadata"].get("nbgrader", {}), "task": False}
    return {
        "type": cell["cell_type"],
        "source": "".join(cell["source"]),
        "nbgrader": meta,
        "outputs": outputs,
    }


def test_exports_are_the_same(school: School, direct: School) -> None:
    """The table that nbgrader exports, late penalties included, is the same line by line."""
    tables = [(s.folder / "grades.csv").read_text().splitlines() for s in (school, direct)]
    assert sorted(tables[0]) == sorted(tables[1])


def test_feedback_pages_are_the_same(school: School, direct: School) -> None:
    """Nbgrader makes the same page of our notebook as of its own."""
    for student in ("partial", "cheating"):
        pages = [
            (s.folder / "feedback" / student / ASSIGNMENT / f"{NOTEBOOK}.html").read_text()
            for s in (school, direct)
        ]
        assert [p.count("nnv-mark") for p in pages] == [14, 14]
        heads = [page.split("panel-body")[0] for page in pages]
        assert heads[0] == heads[1]


def test_what_a_person_gave_stands(direct: School) -> None:
    """Grading again leaves manual scores, extra credit and comments as they are."""
    url = f"sqlite:///{direct.folder / 'gradebook.db'}"
    where = (NOTEBOOK, ASSIGNMENT, "partial")
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("dense", *where)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 11.0, 0.5, False
        gradebook.find_comment("write-dense", *where).manual_comment = "nearly"
        gradebook.find_grade("relu", *where).auto_score = 1.0
        gradebook.db.commit()
    grade_course(CourseOptions(direct.folder, workers=1))
    grades = direct.grades("partial")
    assert (grades["dense"]["manual_score"], grades["dense"]["extra_credit"]) == (11.0, 0.5)
    assert grades["dense"]["needs_manual_grade"]
    assert grades["relu"]["auto_score"] == 8
    with Gradebook(url) as gradebook:
        assert gradebook.find_comment("write-dense", *where).comment == "nearly"


def test_modules_come_into_the_same_gradebook(direct: School, tmp_path: Path) -> None:
    """A folder of .py files, with answers to the quiz, is graded beside the notebooks."""
    hand_in = tmp_path / "in" / "modules"
    hand_in.mkdir(parents=True)
    for name, source in references().items():
        (hand_in / f"{name}.py").write_text(source)
    answers = "schema_version: 1\nquiz: lesson04\nstudent: modules\nanswers:\n"
    answers += "  neuron-computes: {answer: weighted-sum}\n"
    (hand_in / "answers.yaml").write_text(answers)
    summary = grade_course(CourseOptions(direct.folder, tmp_path / "in", workers=1))
    assert (summary.graded, summary.faults) == (1, [])
    assert sum(g["auto_score"] for g in direct.grades("modules").values()) == 100
    assert direct.grades("modules", "quiz")["quiz-neuron-computes"]["auto_score"] == 2
    cell = cell_of(direct.autograded("modules"), "write-relu")
    assert "".join(cell["source"]) == references()["relu"]
    assert sum(g["auto_score"] for g in direct.grades("late").values()) == 100
