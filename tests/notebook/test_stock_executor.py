"""What the notebook does where nbgrader's own executor runs it: real kernels, real commands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nbgrader_school import ASSIGNMENT, CLASS, NOTEBOOK, School, cell_of, code_cell, found_school

from nnv.manifest import manifest

# What nbgrader does where nobody sets these lists.
BY_MISTAKE = """
from nbgrader.converters import Autograde
for name in ("sanitize_preprocessors", "autograde_preprocessors"):
    c.Autograde[name] = Autograde.class_traits()[name].default()
"""


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> School:
    """A course whose config was lost."""
    return found_school(tmp_path_factory.mktemp("stock"), BY_MISTAKE)


@pytest.mark.slow
def test_graded_by_the_stock_executor_nobody_gets_points(school: School) -> None:
    """Every graded cell raises and says what is wrong, also where the environment was changed."""
    school.hand_in("empty", CLASS["empty"](school.released()))
    sly = CLASS["complete"](school.released())
    hides = "import os; os.environ.pop('NBGRADER_EXECUTION'); check = print"
    sly["cells"].insert(2, code_cell(hides))
    school.hand_in("sly", sly)
    school.nbgrader("autograde", ASSIGNMENT)
    for student in ("empty", "sly"):
        grades = school.grades(student)
        assert {grades[name]["auto_score"] for name in manifest().names} == {0}
        said = str(cell_of(school.autograded(student), "relu")["outputs"])
        assert "relu was not graded: nbgrader's own executor ran this notebook" in said


@pytest.mark.slow
def test_validate_runs_the_self_checks(school: School, tmp_path: Path) -> None:
    """What is right passes nbgrader's validation, and what is not written fails it."""
    shutil.copytree(school.folder / "release" / ASSIGNMENT, tmp_path / ASSIGNMENT)
    folder = tmp_path / ASSIGNMENT
    assert "VALIDATION FAILED ON 14 CELL(S)" in _validate(school, folder)
    shutil.copy(
        school.hand_in("complete", CLASS["complete"](school.released())) / f"{NOTEBOOK}.ipynb",
        folder,
    )
    assert "Success! Your notebook passes all the tests." in _validate(school, folder)


def _validate(school: School, folder: Path) -> str:
    return school.nbgrader("validate", f"{NOTEBOOK}.ipynb", cwd=folder)


@pytest.mark.slow
def test_generate_solution_shows_every_check_green(school: School) -> None:
    """The instructor's version runs from top to bottom, each self-check passes, pictures too."""
    school.nbgrader("generate_solution", ASSIGNMENT)
    path = school.folder / "solution" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    text = path.read_text(encoding="utf-8")
    assert text.count("self-checks pass.") == len(manifest().names)
    assert text.count('"image/png"') == 3
