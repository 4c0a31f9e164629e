"""Answers that the quiz's widget saved are handed in, and marked by nbgrader's real commands."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader_school import ASSIGNMENT, School, cell_of, found_school, read

import quiz
from grader.gradebook.nbgrader import CourseOptions, grade_course
from grader.notebook import quiz_answers, quiz_cells
from grader.reading import MAX_ANSWERS_BYTES
from quiz.expressions import evaluate
from quiz.model import Numeric
from quiz.session import Session
from quiz.variants import draw_numbers, shown_numbers

WRITTEN_BY_ADA = "quiz-what-is-deep"
WRITTEN_BY_BEN = {"quiz-neuron-computes": "3", "quiz-three-steps": "I do not know."}


def answer_all(path: Path, student: str) -> dict[str, Any]:
    """Answer as the widget does: choices and numbers rightly, texts vaguely; the marks by cell."""
    made = quiz.load()
    session = Session.open(made, path, student)
    for question in made.questions:
        right = [option.id for option in getattr(question, "options", ()) if option.correct]
        answer = right[0] if right else "A layer weighs its inputs and adds them up."
        if isinstance(question, Numeric):
            numbers = shown_numbers(question, draw_numbers(question, student))
            answer = str(evaluate(question.answer or "0", numbers))
        session.give(question, answer)
    marked = quiz.mark_bytes(made, path.read_bytes(), student)
    return {f"quiz-{name}": mark for name, mark in marked.questions.items()}


def write_cells(path: Path, written: dict[str, str]) -> None:
    nb = read(path)
    for name, text in written.items():
        cell_of(nb, name)["source"] = text
    path.write_text(json.dumps(nb))


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, sandbox: object) -> School:
    """A class of two: ada's answers.yaml went through the exchange, ben wrote into cells."""
    folder = tmp_path_factory.mktemp("quiz-answers")
    exchange, student = folder / "exchange", folder / "student"
    exchange.mkdir()
    exchange.chmod(0o777)
    student.mkdir()
    school = found_school(folder, f'c.Exchange.root = "{exchange}"\n')
    # An instructor tried the widget out, and nbgrader takes the file for one of the course's own.
    answer_all(school.folder / "source" / ASSIGNMENT / "answers.yaml", "instructor")
    school.nbgrader("release_assignment", ASSIGNMENT)
    shutil.copy(school.folder / "nbgrader_config.py", student)
    school.nbgrader("fetch_assignment", ASSIGNMENT, cwd=student)
    answer_all(student / ASSIGNMENT / "answers.yaml", "ada")
    write_cells(student / ASSIGNMENT / "quiz.ipynb", {WRITTEN_BY_ADA: "**1**"})
    school.nbgrader("submit", ASSIGNMENT, "--student", "ada", cwd=student)
    school.nbgrader("collect", ASSIGNMENT)
    ben = school.hand_in("ben", school.released(), "2026-11-01 09:00:00 UTC") / "quiz.ipynb"
    shutil.copy(school.folder / "release" / ASSIGNMENT / "quiz.ipynb", ben)
    write_cells(ben, WRITTEN_BY_BEN)
    school.nbgrader("autograde", ASSIGNMENT)
    return school


def comments(school: School, student: str) -> dict[str, str]:
    with Gradebook(f"sqlite:///{school.folder / 'gradebook.db'}") as gradebook:
        found = gradebook.find_submission_notebook("quiz", ASSIGNMENT, student)
        return {comment.name: comment.auto_comment for comment in found.comments}


def test_saved_answers_are_autograded(school: School, tmp_path: Path) -> None:
    """Points, flags and comments are those of the quiz engine for the student's own numbers."""
    due = answer_all(tmp_path / "answers.yaml", "ada")
    grades, said = school.grades("ada", "quiz"), comments(school, "ada")
    due.pop(WRITTEN_BY_ADA)
    assert len(due) == len(grades) - 1
    assert sum(mark.points for mark in due.values()) > 10
    assert {n: (m.points, m.unsure, m.feedback) for n, m in due.items()} == {
        n: (grades[n]["auto_score"], grades[n]["needs_manual_grade"], said[n]) for n in due
    }


def test_a_cell_that_was_written_in_counts(school: School) -> None:
    """What stands in the cell is marked, though answers.yaml answers the question too."""
    due = quiz_cells.mark(WRITTEN_BY_ADA, "**1**")
    grade = school.grades("ada", "quiz")[WRITTEN_BY_ADA]
    assert (grade["auto_score"], comments(school, "ada")[WRITTEN_BY_ADA]) == (
        due.points,
        due.feedback,
    )


def test_without_a_file_the_cells_alone_count(school: School) -> None:
    """Another student's hand-in is marked as before: nothing for cells left as they were."""
    grades = school.grades("ben", "quiz")
    due = {name: quiz_cells.mark(name, text) for name, text in WRITTEN_BY_BEN.items()}
    assert {n: (m.points, m.unsure) for n, m in due.items()} == {
        n: (grades[n]["auto_score"], grades[n]["needs_manual_grade"]) for n in due
    }
    left = [grade for name, grade in grades.items() if name not in due]
    assert {(g["auto_score"], g["needs_manual_grade"]) for g in left} == {(0, False)}


def test_the_course_gets_the_same_grades(school: School, tmp_path: Path) -> None:
    """`nnv grade --course` leaves the grades that `nbgrader autograde` left."""
    shutil.copytree(school.folder, tmp_path / "course")
    direct = School(tmp_path / "course", school.home)
    grade_course(CourseOptions(direct.folder, workers=1))
    for student in ("ada", "ben"):
        found = [
            {n: (g["auto_score"], g["needs_manual_grade"]) for n, g in one.items()}
            for one in (school.grades(student, "quiz"), direct.grades(student, "quiz"))
        ]
        assert found[0] == found[1]
        assert comments(direct, student) == comments(school, student)


def test_a_broken_file_is_told_and_costs_nothing_else(school: School) -> None:
    """Written cells are marked; the others have no points, the reason, and wait for a person."""
    folder = school.folder / "submitted" / "cyd" / ASSIGNMENT
    shutil.copytree(school.folder / "submitted" / "ben" / ASSIGNMENT, folder)
    (folder / "answers.yaml").write_text("schema_version: 1\nquiz: [")
    school.nbgrader("autograde", ASSIGNMENT, "--student", "cyd")
    grades, bens = school.grades("cyd", "quiz"), school.grades("ben", "quiz")
    for name, said in comments(school, "cyd").items():
        if name in WRITTEN_BY_BEN:
            assert grades[name]["auto_score"] == bens[name]["auto_score"]
        else:
            assert (grades[name]["auto_score"], grades[name]["needs_manual_grade"]) == (0, True)
            assert "answers.yaml: line 3: this is no YAML" in said


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "too large", "another quiz"])
def test_what_is_no_file_of_answers_earns_nothing(tmp_path: Path, kind: str) -> None:
    """It is refused with a reason, and a person looks at it."""
    file = tmp_path / "answers.yaml"
    if kind == "link":
        answer_all(tmp_path / "another.yaml", "ada")
        file.symlink_to(tmp_path / "another.yaml")
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    elif kind == "too large":
        file.write_bytes(b" " * (MAX_ANSWERS_BYTES + 1))
    else:
        file.write_text("schema_version: 1\nquiz: another\nstudent: ada\nanswers: {}\n")
    marks = quiz_answers.beside(tmp_path, "ada")
    assert set(marks) == set(quiz_cells.graded())
    assert {(mark.points, mark.unsure) for mark in marks.values()} == {(0.0, True)}
    assert all("answers.yaml: " in mark.feedback for mark in marks.values())


def test_the_widget_cell_needs_nothing_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the quiz's package is not there, the cell says so in plain words."""
    monkeypatch.setitem(sys.modules, "quiz.widget", None)
    names: dict[str, Any] = {}
    exec(quiz_cells.WIDGET, names)
    assert names["widget"] is None
    assert "Write your answers into the cells below" in capsys.readouterr().out
