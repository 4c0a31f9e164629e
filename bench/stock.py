"""The same hand-ins and the same cases as a plain nbgrader course, graded by its own commands.

A module is one answer cell, a function one graded cell whose assertions are the calls of the hidden
suites with what the references give for them, written as an instructor would.
"""

from __future__ import annotations

import ast
import os
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import probes
from meter import Measured, measure
from nbformat.v4 import new_code_cell, new_notebook

from grader import references
from grader.cases import Call, evaluate
from grader.hand_ins import HandIn
from grader.sandbox import Named, Raised
from grader.submission import read
from nnv.manifest import manifest

ASSIGNMENT = "lesson04"
NOTEBOOK = "exercises"
_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "stock"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError()"}
"""
_HELPERS = """
import numpy as np


def same(got, due):
    if isinstance(due, tuple):
        return len(got) == len(due) and all(map(same, got, due))
    return np.shape(got) == np.shape(due) and np.allclose(got, due, rtol=1e-9, atol=1e-12)


def refuses(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except ValueError:
        return True
    return False


def separates(layers):
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    for W, b in layers[:-1]:
        x = np.maximum(x @ W + b, 0)
    W, b = layers[-1]
    return ((x @ W + b)[:, 0] > 0.5).tolist() == [False, True, True, False]


activations = {
    "identity": lambda z: z,
    "leaky_relu": lambda z: np.where(np.asarray(z) > 0, z, 0.01 * np.asarray(z)),
    "tanh": np.tanh,
    "absolute": np.abs,
    "square": np.square,
}
"""


def _text(value: Any) -> str:
    """Write plain data as Python code."""
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        text = f"np.array({array.tolist()!r}, dtype={array.dtype.str!r}).reshape({array.shape!r})"
        return text if isinstance(value, np.ndarray) else f"{text}[()]"
    if isinstance(value, Named):
        return f"activations[{value.name!r}]"
    if isinstance(value, tuple):
        return "(" + "".join(f"{_text(item)}, " for item in value) + ")"
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_text(v)}" for k, v in value.items()) + "}"
    return repr(value)


def _assertion(name: str, call: Call) -> str:
    arguments = [*map(_text, call.args), *(f"{k}={_text(v)}" for k, v in call.kwargs.items())]
    due = evaluate(references.functions(manifest())[name], call)
    if name == "xor_layers":
        return "assert separates(xor_layers())"
    if isinstance(due, Raised):
        return f"assert refuses({', '.join([name, *arguments])})"
    return f"assert same({name}({', '.join(arguments)}), {_text(due.value)})"


def _graded(kind: str, name: str, points: float, *, solution: bool) -> dict[str, Any]:
    return {
        "nbgrader": {
            "schema_version": 3,
            "grade": not solution,
            "solution": solution,
            "locked": not solution,
            "task": False,
            "grade_id": f"{kind}-{name}",
            **({} if solution else {"points": points}),
        }
    }


def _cell(text: str, metadata: dict[str, Any], name: str) -> Any:
    return new_code_cell(text, metadata=metadata, id=name.replace("_", "-"))


def notebook(answers: dict[str, str]) -> Any:
    """The assignment with these answers, by module."""
    cells = [_cell(_HELPERS, {}, "helpers")]
    for module in manifest().modules:
        metadata = _graded("answer", module, 0, solution=True)
        cells.append(_cell(answers.get(module, ""), metadata, f"answer-{module}"))
        for function in manifest().functions:
            if function.module == module:
                tests = [_assertion(function.name, call) for call in probes.calls()[function.name]]
                metadata = _graded("test", function.name, function.points, solution=False)
                cells.append(_cell("\n".join(tests), metadata, f"test-{function.name}"))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def as_cell(source: str) -> str:
    """A module's code as a cell of one notebook with all of them."""
    try:
        found = ast.parse(source)
    except SyntaxError:
        return source
    found.body = [
        node
        for node in found.body
        if not (isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == "exercises")
    ]
    return ast.unparse(found)


def write_course(folder: Path, hand_ins: Iterable[HandIn]) -> None:
    """Write a course whose students have handed these in."""
    source = folder / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    source.parent.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(_CONFIG)
    solution = "### BEGIN SOLUTION\npass\n### END SOLUTION"
    nbformat.write(notebook(dict.fromkeys(manifest().modules, solution)), source)
    for hand_in in hand_ins:
        answers = {n: as_cell(s.decode()) for n, s in read(hand_in).sources}
        path = folder / "submitted" / hand_in.student / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook(answers), path)


def nbgrader(folder: Path, *arguments: str) -> Measured:
    """Run one of nbgrader's own commands in the course."""
    home = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return measure(command, folder, {**home, "PATH": path})


def autograde(folder: Path) -> Measured:
    """Prepare the course, then let nbgrader grade it; what is measured is the grading alone."""
    nbgrader(folder, "generate_assignment", ASSIGNMENT)
    return nbgrader(folder, "autograde", ASSIGNMENT)


def scores(folder: Path) -> dict[str, dict[str, float]]:
    """What nbgrader gave, by student and function."""
    query = """
        SELECT student_id, base_cell.name, grade.auto_score FROM grade
        JOIN base_cell ON base_cell.id = grade.cell_id
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    """
    found: dict[str, dict[str, float]] = {}
    base = sqlite3.connect(folder / "gradebook.db")
    try:
        for student, name, score in base.execute(query):
            found.setdefault(student, {})[name.removeprefix("test-")] = score
    finally:
        base.close()
    return found
