"""A run with a course around it: settings are found, marks set by hand stand."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from conftest import references

from grader.cli import group
from grader.results import DATABASE
from grader.sandbox import Sandbox

DUE = 1795359600  # 2026-11-22T15:00Z
BY_HAND = (
    "schema_version: 1\noverrides:\n"
    "  - {student: bob, function: relu, points: 5, reason: oral exam}\n"
)
Grade = Callable[..., Result]


@pytest.fixture
def course(tmp_path: Path, sandbox: Sandbox) -> Path:
    """A folder with two hand-ins: ada's is right, bob's lacks all but relu and is a day late."""
    for student, modules, late in (("ada", references(), -60), ("bob", {}, 86400)):
        folder = tmp_path / "class" / student
        folder.mkdir(parents=True)
        for name, text in {**modules, **({} if modules else {"relu": _WRONG})}.items():
            path = folder / f"{name}.py"
            path.write_text(text, encoding="utf-8")
            os.utime(path, (DUE + late, DUE + late))
    return tmp_path


_WRONG = "def relu(z):\n    return z\n"


def _grade(course: Path, *options: str) -> Result:
    arguments = ["grade", str(course / "class"), "--out", str(course / "out"), "--workers", "1"]
    return CliRunner().invoke(group(), [*arguments, *options])


def _points(course: Path) -> dict[str, float]:
    found = json.loads((course / "out" / "results.json").read_text(encoding="utf-8"))
    return {entry["student"]: entry["points"] for entry in found["submissions"]}


def _entry(course: Path, student: str) -> dict[str, Any]:
    found = json.loads((course / "out" / "results.json").read_text(encoding="utf-8"))
    (entry,) = (entry for entry in found["submissions"] if entry["student"] == student)
    return dict(entry)


def test_a_class_without_a_course_has_the_same_bytes(course: Path) -> None:
    """Settings that set nothing change nothing, not even the order of keys."""
    assert _grade(course).exit_code == 0
    plain = (course / "out" / "results.json").read_bytes()
    (course / "course.yaml").write_text("schema_version: 1\nlate_penalty: 10 % per day\n")
    assert _grade(course).exit_code == 0
    assert (course / "out" / "results.json").read_bytes() == plain
    assert b"penalty" not in plain
    assert b"overrides" not in plain


def test_a_mark_set_by_hand_stands_and_nothing_is_graded_for_it(course: Path) -> None:
    """It counts in results and feedback, again after --fresh, and goes with its entry."""
    _grade(course)
    assert _points(course)["bob"] == 0
    (course / "overrides.yaml").write_text(BY_HAND)
    again = _grade(course)
    assert again.exit_code == 0
    assert "0 graded, 2 unchanged" in again.stderr
    assert f"course: {course / 'overrides.yaml'}\n" in again.stderr
    assert "5†" in again.stdout
    assert "† set by hand" in again.stdout
    assert _points(course) == {"ada": 100.0, "bob": 5.0}
    feedback = course / "out" / "feedback" / "bob.md"
    assert "oral exam" in feedback.read_text(encoding="utf-8")
    _grade(course, "--fresh")
    assert _points(course)["bob"] == 5
    assert "oral exam" in feedback.read_text(encoding="utf-8")
    (course / "overrides.yaml").write_text("")
    _grade(course)
    assert _points(course)["bob"] == 0
    assert "oral exam" not in feedback.read_text(encoding="utf-8")


def test_what_the_grader_found_stays_stored(course: Path) -> None:
    """The override is beside the graded entry, which can be had as it was."""
    (course / "overrides.yaml").write_text(BY_HAND)
    _grade(course)
    base = sqlite3.connect(course / "out" / DATABASE)
    (text,) = base.execute("SELECT record FROM submission WHERE student='bob'").fetchone()
    base.close()
    assert json.loads(text)["points"] == 0


def test_a_stranger_costs_nobody_anything(course: Path) -> None:
    """An override for nobody is reported and the rest counts; the exit status is 1."""
    entry = "  - {student: bop, total: true, points: 60, reason: x}\n"
    (course / "overrides.yaml").write_text(BY_HAND + entry)
    result = _grade(course)
    assert result.exit_code == 1
    assert "overrides[1].student: no hand-in of 'bop'; did you mean 'bob'?" in result.stderr
    assert _points(course) == {"ada": 100.0, "bob": 5.0}


def test_a_slip_in_the_file_stops_the_run_before_it_begins(course: Path) -> None:
    """Nothing is graded with half of the overrides."""
    (course / "overrides.yaml").write_text(BY_HAND.replace("relu", "rely"))
    result = _grade(course)
    assert result.exit_code == 2
    assert "no function 'rely'; did you mean 'relu'?" in result.stderr
    assert not (course / "out" / "results.json").exists()


def test_lateness_costs_and_an_extension_saves(course: Path) -> None:
    """Bob is a day late; with two days more he is not, and his mark is the old one."""
    for path in (course / "class" / "bob").iterdir():
        path.write_text("def relu(z):\n    return abs(z)\n")
        os.utime(path, (DUE + 86400, DUE + 86400))
    (course / "class" / "bob" / "neuron.py").write_text(references()["neuron"])
    os.utime(course / "class" / "bob" / "neuron.py", (DUE + 86400, DUE + 86400))
    settings = course / "course.yaml"
    settings.write_text("due: 2026-11-22T15:00\nlate_penalty: 10 % per day\n")
    _grade(course)
    late = _entry(course, "bob")
    assert late["late"]
    assert late["penalty"]["percent"] == 10
    earned = late["points"] + late["penalty"]["points"]
    assert late["points"] == pytest.approx(0.9 * earned)
    assert earned > 0
    assert _points(course)["ada"] == 100
    roster = course / "roster.csv"
    roster.write_text("login,extension\nada,\nbob,2\n")
    _grade(course, "--roster", str(roster))
    saved = _entry(course, "bob")
    assert (saved["points"], saved["late"]) == (earned, False)
    assert "penalty" not in saved


def test_what_counted_before_does_not_go_by_accident(course: Path, tmp_path: Path) -> None:
    """Settings named once count again; where they are gone, the run says so and stops."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "course.yaml").write_text("overrides: by-hand.yaml\n")
    (elsewhere / "by-hand.yaml").write_text(BY_HAND)
    _grade(course, "--settings", str(elsewhere / "course.yaml"))
    assert _points(course)["bob"] == 5
    _grade(course)
    assert _points(course)["bob"] == 5
    (elsewhere / "course.yaml").unlink()
    result = _grade(course)
    assert result.exit_code == 2
    assert "is not there any more" in result.stderr
    assert _points(course)["bob"] == 5
    (elsewhere / "nothing.yaml").write_text("")
    _grade(course, "--settings", str(elsewhere / "nothing.yaml"))
    assert _points(course)["bob"] == 0


def test_export_reports_with_its_exit_status(course: Path) -> None:
    """1 where somebody is on one side only, 0 where all is well, 2 for a wrong request."""
    _grade(course)
    results = str(course / "out")
    assert CliRunner().invoke(group(), ["export", "junit", results]).exit_code == 0
    roster = course / "roster.csv"
    roster.write_text("Student,ID,Section,Lesson 04 (9)\nada,1,A,\nEve,2,A,\n")
    found = CliRunner().invoke(group(), ["export", "canvas", results, "--roster", str(roster)])
    assert found.exit_code == 1
    assert found.stdout == f"{course / 'out' / 'export-canvas' / 'canvas.csv'}\n"
    assert "bob: handed in" in found.stderr
    assert "Eve: no hand-in" in found.stderr
    wrong = CliRunner().invoke(group(), ["export", "canvas", results])
    assert wrong.exit_code == 2
    assert "--roster" in wrong.stderr


def test_what_cannot_be_applied_is_reported(course: Path) -> None:
    """An absent student whom the roster knows; lateness by nobody knows how much."""
    folder = course / "class"
    (folder / "eve_LATE_12_900_relu.py").write_text(_WRONG)
    (course / "roster.csv").write_text("login,name,ID\nzoe,Zoë,11\neve,Eve,12\nada,,\nbob,,\n")
    (course / "course.yaml").write_text(
        "due: 2027-01-01T00:00\nlate_penalty: 10 % per day\nroster: roster.csv\n"
    )
    (course / "overrides.yaml").write_text(
        "overrides:\n  - {student: zoe, total: true, points: 60, reason: x}\n"
        "  - {student: bob, quiz: collapse, points: 1, reason: told me}\n"
    )
    result = _grade(course)
    assert result.exit_code == 1
    assert "overrides[0].student: 'zoe' is in the roster but handed nothing in" in result.stderr
    assert "eve: late, but not by a known time, so nothing was taken off" in result.stderr
    assert "penalty" not in _entry(course, "eve")
    assert _entry(course, "bob")["quiz"]["points"] == 1
    assert _entry(course, "ada")["quiz"] is None
