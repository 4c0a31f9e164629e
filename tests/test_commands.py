"""The instructor's commands: what they say, and their exit status."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import group
from grader.content_files import Problem
from grader.notebook.course import CONFIG


def _nnv(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group(), list(map(str, arguments)))


def test_check_content_says_that_all_is_well() -> None:
    """In words for people, as a list for programs."""
    result = _nnv("check-content")
    assert (result.exit_code, result.stdout) == (0, "The content fits together.\n")


def test_check_content_lists_what_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line each and their number; the status is 1, for CI."""
    problem = Problem("exercises/relu.py: relu", "is missing", "write it")
    monkeypatch.setattr("grader.content.check_content", lambda: [problem])
    result = _nnv("check-content")
    assert (result.exit_code, result.stdout) == (1, f"{problem}\n1 problems\n")
    result = _nnv("check-content", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (1, [str(problem)])


def test_the_student_edition_is_written_into_an_empty_folder_only(tmp_path: Path) -> None:
    """It says what to do with it; a second time it names the way out."""
    folder = tmp_path / "for-students"
    result = _nnv("release", folder)
    assert (result.exit_code, "zip it, or publish it" in result.stdout) == (0, True)
    assert (folder / "exercises" / "relu.py").is_file()
    again = _nnv("release", folder)
    assert (again.exit_code, "--force" in again.stderr) == (1, True)
    assert _nnv("release", folder, "--force").exit_code == 0


def test_a_course_is_written_into_an_empty_folder_only(tmp_path: Path) -> None:
    """It names nbgrader's next command; a second time the way out."""
    folder = tmp_path / "course"
    result = _nnv("course", folder)
    assert (result.exit_code, "nbgrader generate_assignment lesson04" in result.stdout) == (0, True)
    assert (folder / CONFIG).is_file()
    again = _nnv("course", folder)
    assert (again.exit_code, "--force" in again.stderr) == (1, True)


def test_grade_needs_to_know_what_and_where(tmp_path: Path) -> None:
    """Half a request, or both kinds of it, end with status 2 and the two ways to ask."""
    for arguments in ((), (tmp_path,), (tmp_path, "--out", "x", "--course", tmp_path)):
        result = _nnv("grade", *arguments)
        assert (result.exit_code, "give SUBMISSIONS and --out DIR" in result.stderr) == (2, True)


def test_a_course_that_is_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that writes one is named; so is what a course still lacks."""
    pytest.importorskip("nbgrader", reason="needs the extra [nbgrader]")
    result = _nnv("grade", "--course", tmp_path)
    assert (result.exit_code, f"no {CONFIG} there" in result.stderr) == (2, True)
    folder = tmp_path / "course"
    _nnv("course", folder)
    result = _nnv("grade", "--course", folder)
    assert (result.exit_code, "no gradebook there; go there" in result.stderr) == (2, True)
    from nbgrader.api import Gradebook

    programs = Path(sys.executable).parent  # a new gradebook is made by a program beside Python
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        result = _nnv("grade", "--course", folder)
        assert (result.exit_code, "no lesson04 in the gradebook" in result.stderr) == (2, True)
        gradebook.add_assignment("lesson04")
        result = _nnv("grade", "--course", folder)
        assert (result.exit_code, "in the gradebook; go there" in result.stderr) == (2, True)


@pytest.mark.parametrize("due", ["2026-11-02T10:00", "2026-11-02T10:00:00+0100"])
def test_a_due_time_may_name_its_zone(tmp_path: Path, due: str) -> None:
    """Either way it is understood, and the folder is what is at fault."""
    result = _nnv("grade", tmp_path / "none", "--out", tmp_path / "out", "--due", due)
    assert (result.exit_code, "not a folder" in result.stderr) == (2, True)
