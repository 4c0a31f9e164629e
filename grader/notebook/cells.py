"""The exercises as a notebook, made from the manifest, the stubs and the solutions.

`source` is the instructor's version: solutions and hidden regions stand between nbgrader's marks.
`released` is what a student gets, the same that `nbgrader generate_assignment` makes of it.
Notebooks are plain JSON data of format 4.5 here; nothing of Jupyter is imported.
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
from functools import cache
from pathlib import Path
from typing import Any

from grader import references
from nnv.manifest import Function, Manifest, default_path, load

Cell = dict[str, Any]
Notebook = dict[str, Any]

NAME = "neural_networks"
CODE_STUB = '# YOUR CODE HERE\nraise NotImplementedError("not written yet")'
TEXT_STUB = "YOUR ANSWER HERE"
_EXPLANATIONS = Path(__file__).with_name("explanations.md")
_REGION = "### {} {}"

# What a graded cell does where nbgrader's own executor runs it. The environment that the kernel
# started with is looked at too, since a student's cell may have changed the other.
GUARD = """\
# {name} is marked by hidden tests that run elsewhere, in a sandbox: none of them is in this cell.
import os, pathlib
started = pathlib.Path("/proc/self/environ")
started = started.read_bytes() if started.exists() else b""
asked = os.environ.get("NBGRADER_EXECUTION")
if asked == "autograde" or b"NBGRADER_EXECUTION=autograde" in started:
    raise RuntimeError(
        "{name} was not graded: nbgrader's own executor ran this notebook. Run nbgrader in the "
        "folder that nnv course wrote, so that its nbgrader_config.py sets "
        "c.Autograde.autograde_preprocessors, and autograde again with --force."
    )"""


def source(manifest: Manifest) -> Notebook:
    """Make the instructor's notebook: explanation, solution and graded cell of each function."""
    cells = [
        markdown("intro", f"# {manifest.title}\n\n{explanation('start')}"),
        _start(manifest),
    ]
    section = ""
    for function in manifest.functions:
        if function.section != section:
            section = function.section
            cells.append(markdown(f"section-{function.name}", f"## {section}"))
        cells += _cells_of(function)
    return notebook(cells)


def released(source_notebook: Notebook) -> Notebook:
    """Make the student's notebook of an instructor's: stubs for solutions, no hidden regions.

    Args:
        source_notebook: what `source` made.

    Returns:
        A notebook of its own; what nbgrader adds for itself (checksums, locks) is left out.
    """
    made: Notebook = json.loads(json.dumps(source_notebook))
    for cell in made["cells"]:
        text = "".join(cell["source"])
        text = without_region(text, "SOLUTION", CODE_STUB)
        cell["source"] = lines(without_region(text, "HIDDEN TESTS", None))
    return made


def without_region(text: str, kind: str, stub: str | None) -> str:
    """Put a stub in the place of each region between ``### BEGIN kind`` and ``### END kind``."""
    kept: list[str] = []
    inside = False
    for line in text.split("\n"):
        if f"BEGIN {kind}" in line:
            inside = True
            if stub is not None:
                kept.append(textwrap.indent(stub, line[: len(line) - len(line.lstrip())]))
        elif f"END {kind}" in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def as_text(made: Notebook) -> str:
    """A notebook as the text of its file; the same notebook gives the same text."""
    return json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def notebook(cells: list[Cell]) -> Notebook:
    """A notebook of these cells for any Python 3 kernel."""
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def markdown(cell_id: str, text: str, nbgrader: dict[str, Any] | None = None) -> Cell:
    """A cell of text."""
    metadata = {} if nbgrader is None else {"nbgrader": nbgrader}
    return {"cell_type": "markdown", "id": cell_id, "metadata": metadata, "source": lines(text)}


def code(cell_id: str, text: str, nbgrader: dict[str, Any] | None = None) -> Cell:
    """A cell of code that has not been run."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {} if nbgrader is None else {"nbgrader": nbgrader},
        "outputs": [],
        "source": lines(text),
    }


def lines(text: str) -> list[str]:
    """A text as a notebook holds it: lines with their ends."""
    return text.splitlines(keepends=True)


def marks(grade_id: str, *, points: float | None = None, solution: bool = False) -> dict[str, Any]:
    """Nbgrader's metadata of a cell: graded where it has points, and locked unless a solution."""
    found: dict[str, Any] = {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return found if points is None else {**found, "points": points}


def solution_id(name: str) -> str:
    """The grade id of the cell in which a function is written; its graded cell has its name."""
    return f"write-{name}"


def _cells_of(function: Function) -> list[Cell]:
    name, points = function.name, f"{function.points:g}"
    unit = "point" if function.points == 1 else "points"
    said = explanation(name)
    text = f"### `{name}`: {points} {unit}" + (f"\n\n{said}" if said else "")
    write, region = solution_id(name), "HIDDEN TESTS"
    hidden = [_REGION.format("BEGIN", region), GUARD.format(name=name)]
    graded = "\n".join([*hidden, _REGION.format("END", region), check_call(name)])
    return [
        markdown(f"about-{name}", text),
        code(write, _solution(function), marks(write, solution=True)),
        code(f"check-{name}", graded, marks(name, points=function.points)),
    ]


def check_call(name: str) -> str:
    """What a check cell holds in a student's notebook."""
    return f'check("{name}")'


def _start(manifest: Manifest) -> Cell:
    imports = _merged({text for module in manifest.modules for text in _stub_imports(module)})
    first = "# Run this cell first. `nnv` is the folder beside this notebook."
    text = "\n".join([first, *imports, "", "from nnv.notebook import check"])
    return code("start", text, marks("start"))


def _merged(imports: set[str]) -> list[str]:
    """Import statements in order, one for each module."""
    names: dict[str, list[str]] = {}
    for text in sorted(imports):
        module, _, name = text.partition(" import ")
        names.setdefault(module, []).append(name)
    return [f"{m} import {', '.join(found)}" if found[0] else m for m, found in names.items()]


@cache
def explanation(name: str) -> str:
    """What is explained above a function; empty where nobody wrote anything."""
    text = _EXPLANATIONS.read_text(encoding="utf-8")
    found = re.search(rf"(?ms)^# {re.escape(name)}\n(.*?)(?=^# |\Z)", text)
    # One line a paragraph: a notebook wraps by itself.
    return "\n\n".join(" ".join(p.split()) for p in found[1].strip().split("\n\n")) if found else ""


def _stub_imports(module: str) -> list[str]:
    tree = ast.parse((default_path().parent / f"{module}.py").read_text(encoding="utf-8"))
    return [ast.unparse(node) for node in _imports(tree) if not _is_own(node)]


def _imports(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    return [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]


def _is_own(node: ast.Import | ast.ImportFrom) -> bool:
    module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
    return (module or "").split(".")[0] in {"exercises", "solutions"}


def _solution(function: Function) -> str:
    """A function as it is written in the solutions, its body between nbgrader's marks.

    What it uses of its module (private helpers, tables, imports that the stub has not) goes into
    the body, so that the cell needs nothing around it.
    """
    text = references.source_text(function.module)
    tree = ast.parse(text)
    nodes = {name: node for node in tree.body for name in references.bound(node)}
    node = nodes[function.name]
    assert isinstance(node, ast.FunctionDef)
    body = node.body[1] if ast.get_docstring(node) else node.body[0]
    rows = text.splitlines()
    head = rows[node.lineno - 1 : body.lineno - 1]
    inner = _needed_imports(function, tree, node, nodes) + _helpers(rows, node, nodes)
    own = textwrap.dedent("\n".join(rows[body.lineno - 1 : node.end_lineno]))
    region = [_REGION.format("BEGIN", "SOLUTION"), *inner, own, _REGION.format("END", "SOLUTION")]
    return "\n".join([*head, textwrap.indent("\n".join(region), "    ")])


def _helpers(rows: list[str], node: ast.stmt, nodes: dict[str, ast.stmt]) -> list[str]:
    """The private functions and tables that a function uses, as they are written."""
    used = dict.fromkeys(nodes[name] for name in nodes if name in _uses(node, nodes))
    texts = ["\n".join(rows[helper.lineno - 1 : helper.end_lineno]) for helper in used]
    functions = [f"\n{text}" for text in texts if text.startswith("def ")]
    tables = [text for text in texts if not text.startswith("def ")]
    return [*tables, *functions, ""] if functions else tables


def _uses(node: ast.stmt, nodes: dict[str, ast.stmt]) -> set[str]:
    """The private names of its module that a statement uses, itself or through others."""
    seen: set[str] = set()
    wanted = [node]
    while wanted:
        for part in ast.walk(wanted.pop()):
            name = part.id if isinstance(part, ast.Name) else ""
            if name.startswith("_") and name in nodes and name not in seen:
                seen.add(name)
                wanted.append(nodes[name])
    return seen


def _needed_imports(
    function: Function, tree: ast.Module, node: ast.stmt, nodes: dict[str, ast.stmt]
) -> list[str]:
    there = set(_stub_imports(function.module))
    parts = [node, *(nodes[name] for name in _uses(node, nodes))]
    names = {n.id for part in parts for n in ast.walk(part) if isinstance(n, ast.Name)}
    needed = []
    for statement in _imports(tree):
        text = ast.unparse(statement)
        gives = {(alias.asname or alias.name) for alias in statement.names}
        if not _is_own(statement) and text not in there and gives & names:
            needed.append(text)
    return needed


def main() -> None:
    """Write the notebook beside the exercises again: ``python -m grader.notebook.cells``."""
    known = load(default_path())
    made = as_text(released(source(known)))
    (default_path().parent / f"{NAME}.ipynb").write_text(made, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
