"""A notebook as nbgrader keeps it after marking: what a student did to its cells is undone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from grader.gradebook.autograded import Original, filled, restore, texts, with_marks
from grader.gradebook.collected import collected, handed_in, notebook_file, written
from grader.hand_ins import HandIn, Part
from grader.notebook import cells
from grader.run import UsageError
from grader.submission import Submission
from nnv.manifest import manifest

LESSON = manifest()
WRITE = cells.solution_id("relu")
ORIGINALS = {
    "imports": Original("imports", "code", "import numpy", True, "abc", None, False),
    WRITE: Original(WRITE, "code", "def relu(z): ...", False, None, None, True),
    "relu": Original("relu", "code", "check('relu')", True, None, 8.0, False),
    "essay": Original("essay", "markdown", "Write here.", False, None, 2.0, True),
}


def _cell(name: str | None, source: object, kind: str = "code", **other: Any) -> dict[str, Any]:
    metadata: dict[str, Any] = {} if name is None else {"nbgrader": {"grade_id": name}}
    return {"cell_type": kind, "metadata": metadata, "source": source, **other}


def _notebook(*cells_: object, **other: Any) -> bytes:
    base: dict[str, Any] = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    return json.dumps(base | {"cells": list(cells_)} | other).encode()


def _whole() -> list[dict[str, Any]]:
    return [_cell(name, one.source, one.cell_type) for name, one in ORIGINALS.items()]


def test_what_a_student_wrote_stays_and_outputs_go() -> None:
    """Only where nothing is to be written the text is as it was handed out."""
    imports, write, check, essay = _whole()
    imports |= {"source": "import torch"}
    write |= {"source": ["def relu(z):\n", "    return 1"], "outputs": [{"x": 1}]}
    imports["metadata"] |= {"collapsed": True, "scrolled": False}
    nb = restore(_notebook(imports, write, check, essay), ORIGINALS, '{"name": "python3"}')
    assert texts(nb) == {
        "imports": ("code", "import numpy"),
        WRITE: ("code", "def relu(z):\n    return 1"),
        "relu": ("code", "check('relu')"),
        "essay": ("markdown", "Write here."),
    }
    assert [cell.get("outputs") for cell in nb["cells"]] == [[], [], [], None]
    assert nb["cells"][0]["metadata"] == {"nbgrader": ORIGINALS["imports"].metadata()}
    assert nb["cells"][0]["metadata"]["nbgrader"]["checksum"] == "abc"
    assert nb["metadata"]["kernelspec"] == {"name": "python3"}


@pytest.mark.parametrize("minor", [4, 5])
def test_graded_cells_that_are_missing_come_back(minor: int) -> None:
    """Each after the one that came before it, with a word; a code cell's as a comment."""
    imports, write, _, _ = _whole()
    found = restore(_notebook(imports, write, nbformat_minor=minor), ORIGINALS, None)
    assert list(texts(found)) == ["imports", WRITE, "relu", "essay"]
    check, essay = found["cells"][2:]
    assert check["source"].startswith("# This cell (id:relu) was missing")
    assert check["source"].endswith("check('relu')")
    assert essay["source"].startswith("This cell (id:essay) was missing")
    assert (check["metadata"]["deletable"], check["metadata"]["editable"]) == (False, False)
    assert "editable" not in essay["metadata"]
    assert ("id" in check) == (minor == 5)
    alone = restore(_notebook(_cell(None, "mine")), ORIGINALS, None)
    assert list(texts(alone)) == ["relu", "essay"]


def test_spoilt_cells_are_read() -> None:
    """Metadata that is none, a type that is none, ids of nobody, a cell turned into another."""
    _, write, check, essay = _whole()
    odd = {"cell_type": "dance", "metadata": 5, "source": ["a", 1]}
    stranger = _cell("nobody", "x")
    nobody = {"cell_type": "code", "metadata": {"nbgrader": "no dict"}, "source": "y"}
    nb = restore(
        _notebook(odd, stranger, nobody, write, check | {"cell_type": "raw"}, essay, metadata=None),
        ORIGINALS,
        None,
    )
    assert [cell["cell_type"] for cell in nb["cells"][:3]] == ["raw", "code", "code"]
    assert nb["cells"][0]["source"] == "a1"
    assert texts(nb)["relu"] == ("code", "check('relu')")
    assert "nobody" not in texts(nb)


def test_an_older_notebook_is_read() -> None:
    """Format 3 has worksheets and calls a cell's text its input."""
    cell = {"cell_type": "code", "input": ["x = 1"], "language": "python"}
    cell |= {"metadata": {}, "outputs": []}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell]}]}
    nb = restore(json.dumps(old).encode(), {}, None)
    assert (nb["nbformat"], [c["source"] for c in nb["cells"]]) == (4, ["x = 1"])


def test_marks_stand_in_the_graded_cells() -> None:
    """A graded cell of somebody else's says that a person has to mark it."""
    other = Original("bonus", "code", "1", True, None, 3.0, False)
    originals = {**ORIGINALS, "bonus": other}
    nb = restore(_notebook(*_whole(), _cell("bonus", "1")), originals, None)
    mark = {
        "points": 8.0,
        "max_points": 8.0,
        "verdict": "passed",
        "carried_forward": [],
        "misconception": None,
        "message": None,
        "tests": [],
    }
    marked = json.loads(with_marks(nb, LESSON, {"relu": mark}))
    outputs = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell.get("outputs") for cell in marked["cells"]
    }
    assert outputs["imports"] == []
    assert outputs["essay"] is None
    assert "mark it by hand" in json.dumps(outputs["bonus"])
    assert "mark it by hand" not in json.dumps(outputs["relu"])
    assert outputs["relu"] != []


def test_files_come_into_the_notebooks_cells() -> None:
    """A module stands in the cell of its first function; the others point there."""
    module = LESSON.function("relu").module
    names = [f.name for f in LESSON.functions if f.module == module]
    shared = [f.name for f in LESSON.functions if f.module == "neuron"]
    sources = (
        (module, b"def relu(z): pass\n"),
        ("neuron", b"# both\n"),
        ("lab", b"def dense(x, W, b): pass\nhelp = 1\n"),
        ("broken", b"def ("),
    )
    hand_in = Submission("ada", "modules", sources, None, None, False, "", ())
    found = written(hand_in, LESSON)
    assert found[names[0]] == "def relu(z): pass\n"
    assert found[shared[0]] == "# both\n"
    assert found[shared[1]] == f"# {shared[1]} was handed in with {shared[0]}: see its cell.\n"
    assert found["dense"].startswith("def dense")
    nb = filled(cells.released(cells.source(LESSON)), found)
    assert texts(nb)[WRITE] == ("code", "def relu(z): pass\n")


def test_the_folders_of_a_course_are_found(tmp_path: Path) -> None:
    """A student's notebook counts where there is one, else the folder; answers go along."""
    for student in ("ada", "bob"):
        (tmp_path / student / "lesson04").mkdir(parents=True)
    (tmp_path / "ada" / "lesson04" / f"{cells.NAME}.ipynb").touch()
    (tmp_path / "bob" / "lesson04" / "answers.yaml").touch()
    (tmp_path / "stray").mkdir()
    (tmp_path / "stray" / "lesson04").touch()
    students = re.compile(f"{re.escape(str(tmp_path))}/(?P<student>[ab].*)/lesson04")
    ada, bob = collected(f"{tmp_path}/*/lesson04", students)
    assert (ada.student, notebook_file(ada.hand_in)) == ("ada", ada.hand_in.parts[0].path)
    assert (bob.student, notebook_file(bob.hand_in)) == ("bob", None)
    assert (ada.hand_in.answers, bob.hand_in.answers is None) == (None, False)
    two = HandIn("cyd", (Part("a.ipynb", "a.ipynb"), Part("b.py", "b.py")), None)
    assert notebook_file(two) is None


def test_a_folder_of_hand_ins_must_be_there(tmp_path: Path) -> None:
    """The error names it, and what is expected."""
    with pytest.raises(UsageError, match="not a folder: name the folder that holds the hand-ins"):
        handed_in(tmp_path / "no-such")
    (tmp_path / "ada.py").write_text("def relu(z): pass\n", encoding="utf-8")
    (given,) = handed_in(tmp_path)
    assert (given.student, given.folder) == ("ada", None)
