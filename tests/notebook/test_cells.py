"""The notebook is made from the manifest, the stubs and the solutions, and is up to date."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import nbformat
import pytest

from grader.notebook import cells, quiz_cells
from grader.notebook.course import CourseError, self_checks, write_course
from nnv.manifest import default_path, manifest


def test_the_notebook_beside_the_exercises_is_up_to_date() -> None:
    """`exercises/neural_networks.ipynb` is what the manifest and the solutions give now."""
    made = cells.as_text(cells.released(cells.source(manifest())))
    there = (default_path().parent / f"{cells.NAME}.ipynb").read_text(encoding="utf-8")
    assert made == there, "write it again: python -m grader.notebook.cells"


@pytest.mark.parametrize("made", [cells.source(manifest()), quiz_cells.quiz_notebook()])
def test_notebooks_are_valid(made: cells.Notebook) -> None:
    """Both notebooks are of notebook format 4.5, each cell with an id of its own."""
    nbformat.validate(made)
    ids = [cell["id"] for cell in made["cells"]]
    assert len(ids) == len(set(ids))


def test_points_are_those_of_the_manifest() -> None:
    """Each function has one graded cell with its points, and one solution cell before it."""
    found = [c["metadata"].get("nbgrader", {}) for c in cells.source(manifest())["cells"]]
    graded = {meta["grade_id"]: meta["points"] for meta in found if meta.get("grade")}
    solutions = [meta["grade_id"] for meta in found if meta.get("solution")]
    assert {f.name: f.points for f in manifest().functions} == graded
    assert [f"write-{name}" for name in manifest().names] == solutions


def test_every_function_is_explained() -> None:
    """A function's cell begins with words of our own."""
    assert [name for name in manifest().names if len(cells.explanation(name)) < 80] == []


def test_the_solutions_in_the_notebook_solve_it(marker: object) -> None:
    """The instructor's cells, run as a hand-in, earn all points."""
    from conftest import submission

    from grader.marking import Marker

    assert isinstance(marker, Marker)
    sources = {
        cell["id"]: "".join(cell["source"])
        for cell in cells.source(manifest())["cells"]
        if cell["id"].startswith("write-") or cell["id"] == "start"
    }
    assert marker.mark(submission(sources, kind="notebook")).points == manifest().max_points


def test_a_student_gets_no_solution_and_no_hidden_region() -> None:
    """In the released notebook every function raises NotImplementedError and nothing else."""
    made = cells.released(cells.source(manifest()))
    text = json.dumps(made)
    assert "BEGIN" not in text
    for cell in made["cells"]:
        if cell["id"].startswith("write-"):
            (function,) = ast.parse("".join(cell["source"])).body
            assert isinstance(function, ast.FunctionDef)
            assert [type(node) for node in function.body] == [ast.Expr, ast.Raise]


def test_a_student_gets_no_answer_to_the_quiz() -> None:
    """The text of an answer's cell is one that nbgrader replaces whole."""
    made = quiz_cells.quiz_notebook()
    answers = [c for c in made["cells"] if c["metadata"].get("nbgrader", {}).get("solution")]
    assert len(answers) == 18
    assert all(cell["cell_type"] == "markdown" for cell in answers)


def test_right_answers_of_the_quiz_notebook_earn_their_points() -> None:
    """What the instructor's version says to choices and numbers is marked right."""
    for cell in quiz_cells.quiz_notebook()["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        text = "".join(cell["source"])
        if meta.get("grade") and not text.startswith("- "):
            mark = quiz_cells.mark(meta["grade_id"], text)
            assert (mark.points, mark.unsure) == (meta["points"], False), meta["grade_id"]


@pytest.mark.parametrize(
    ("text", "points", "unsure"),
    [
        ("YOUR ANSWER HERE", 0, False),
        ("", 0, False),
        ("what do you mean?", 0, True),
        ("9", 0, True),
    ],
)
def test_odd_answers_to_a_choice(text: str, points: float, unsure: bool) -> None:
    """No answer earns nothing; what cannot be understood waits for a person."""
    mark = quiz_cells.mark("quiz-neuron-computes", text)
    assert (mark.points, mark.unsure) == (points, unsure)


def test_a_course_is_not_written_over_something_else(tmp_path: Path) -> None:
    """A folder with files in it is refused, and with force only our own files are replaced."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CourseError, match="not an empty folder"):
        write_course(tmp_path)
    assert "nbgrader_config.py" in write_course(tmp_path, force=True)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_the_self_checks_beside_the_notebook_hold_no_secret() -> None:
    """What comes along with the notebook imports nothing of the grader's."""
    files = self_checks(manifest())
    assert {"nnv/notebook.py", "nnv/selfcheck.py", "nnv/_exercises/test_relu.py"} <= set(files)
    for name, text in files.items():
        for word in ("import grader", "from grader", "from solutions", "import solutions"):
            assert word not in text, name
