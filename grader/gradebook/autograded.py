"""A student's notebook as nbgrader keeps it after marking, made without nbgrader's converters.

`restore` does to plain JSON data what nbgrader's ClearOutput, DeduplicateIds and OverwriteCells do:
outputs go, of copied cells the last one counts, locked cells are as they were handed out, graded
cells that are missing come back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.notebook import cells, page
from nnv.manifest import Manifest

Notebook = dict[str, Any]
Cell = dict[str, Any]
_ADDED = "This cell (id:{}) was missing from the submission. It was added back by nbgrader.\n\n"
_TYPES = frozenset({"code", "markdown", "raw"})


@dataclass(frozen=True, slots=True)
class Original:
    """A cell as it was handed out, from the gradebook.

    Attributes:
        name: its grade id.
        cell_type: ``code`` or ``markdown``.
        source: its text.
        locked: whether a student may not change it.
        checksum: nbgrader's.
        points: what it is worth; None where it is not graded.
        solution: whether a student writes into it.
    """

    name: str
    cell_type: str
    source: str
    locked: bool
    checksum: str | None
    points: float | None
    solution: bool

    def metadata(self) -> dict[str, Any]:
        """Nbgrader's metadata of the cell."""
        found = cells.marks(self.name, points=self.points, solution=self.solution)
        found |= {"locked": self.locked, "cell_type": self.cell_type}
        return found if self.checksum is None else {**found, "checksum": self.checksum}


Originals = Mapping[str, Original]


def restore(data: bytes, originals: Originals, kernelspec: str | None) -> Notebook:
    """Read a notebook, and put back what nbgrader knows of it.

    Args:
        data: the bytes of the file; what cannot be read as a notebook has been refused before.
        originals: the cells as they were handed out, in their order.
        kernelspec: the kernel that the course's notebook names, as JSON.
    """
    nb = _as_version_4(json.loads(data))
    restore_cells(nb, originals, kernelspec)
    return nb


def restore_cells(nb: Notebook, originals: Originals, kernelspec: str | None) -> None:
    """Put back, in a notebook of format 4, what nbgrader knows of it; see `restore`."""
    if kernelspec:
        nb["metadata"]["kernelspec"] = json.loads(kernelspec)
    seen: set[str] = set()
    for cell in reversed(nb["cells"]):
        _clean(cell)
        found = cell["metadata"].pop("nbgrader", None)
        name = found.get("grade_id") if isinstance(found, dict) else None
        if isinstance(name, str) and name in originals and name not in seen:
            seen.add(name)
            _put_back(cell, originals[name])
    _add_missing(nb, originals, seen)


def filled(handed_out: Notebook, written: Mapping[str, str]) -> Notebook:
    """A notebook with these texts in its solution cells, by function: for hand-ins that are files.

    Args:
        handed_out: the notebook as students get it.
        written: what was written, by function.
    """
    for cell in handed_out["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        for function, text in written.items():
            if name == cells.solution_id(function):
                cell["source"] = text
    return handed_out


def with_marks(nb: Notebook, manifest: Manifest, marks: Mapping[str, Mapping[str, Any]]) -> str:
    """Write marks into the graded cells.

    Args:
        nb: a restored notebook.
        manifest: the functions.
        marks: the mark of each function, as the results hold it.

    Returns:
        The text of the notebook's file.

    Raises:
        BadPointsError: a fault of ours, see `grader.notebook.page`.
    """
    for cell in nb["cells"]:
        found = cell["metadata"].get("nbgrader")
        if not found or not found["grade"] or cell["cell_type"] != "code":
            continue
        name = found["grade_id"]
        if name in marks:
            cell["outputs"] = page.outputs(manifest.function(name), marks[name])
        else:
            text = f"{name} is no cell of nn-visually: it was not run. Please mark it by hand."
            cell["outputs"] = [page.refusal("NotGraded", text)]
    return json.dumps(nb, ensure_ascii=False) + "\n"


def texts(nb: Notebook) -> dict[str, tuple[str, str]]:
    """Type and text of each cell that nbgrader knows, by grade id."""
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: (cell["cell_type"], cell["source"])
        for cell in nb["cells"]
        if "nbgrader" in cell["metadata"]
    }


def _as_version_4(nb: Notebook) -> Notebook:
    if nb.get("nbformat") != 4:
        import nbformat

        read: Any = nbformat.reads
        nb = json.loads(nbformat.writes(read(json.dumps(nb), as_version=4)))  # type: ignore[no-untyped-call]
    nb.setdefault("nbformat_minor", 5)
    if not isinstance(nb.get("metadata"), dict):
        nb["metadata"] = {}
    return nb


def _clean(cell: Cell) -> None:
    """Take outputs off a cell and give it what the format asks for."""
    if not isinstance(cell.get("metadata"), dict):
        cell["metadata"] = {}
    if cell.get("cell_type") not in _TYPES:
        cell["cell_type"] = "raw"
    source = cell.get("source", "")
    cell["source"] = source if isinstance(source, str) else "".join(map(str, source))
    _set_type(cell, cell["cell_type"])
    for name in ("collapsed", "scrolled"):
        cell["metadata"].pop(name, None)


def _set_type(cell: Cell, cell_type: str) -> None:
    cell["cell_type"] = cell_type
    cell.pop("outputs", None)
    cell.pop("execution_count", None)
    if cell_type == "code":
        cell["outputs"], cell["execution_count"] = [], None


def _put_back(cell: Cell, original: Original) -> None:
    if cell["cell_type"] != original.cell_type:
        _set_type(cell, original.cell_type)
    cell["metadata"]["nbgrader"] = original.metadata()
    if original.locked:
        cell["source"] = original.source


def _add_missing(nb: Notebook, originals: Originals, seen: set[str]) -> None:
    """Add graded cells that are missing, each after the one that came before it."""
    if all(name in seen for name, original in originals.items() if original.points is not None):
        return
    places = {name: number for number, name in enumerate(_names(nb)) if name}
    before = -1
    for name, original in originals.items():
        if name in seen:
            before = places[name]
        elif original.points is not None:
            nb["cells"].insert(before + 1, _added(nb, original))
            places = {n: number for number, n in enumerate(_names(nb)) if n}
            before = places[name]


def _names(nb: Notebook) -> list[str | None]:
    return [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in nb["cells"]]


def _added(nb: Notebook, original: Original) -> Cell:
    comment = "# " if original.cell_type == "code" else ""
    cell: Cell = {
        "metadata": {"nbgrader": original.metadata(), "deletable": False},
        "source": comment + _ADDED.format(original.name) + original.source,
    }
    if original.locked:
        cell["metadata"]["editable"] = False
    if nb["nbformat_minor"] >= 5:
        cell["id"] = f"added-{original.name}"[:64]
    _set_type(cell, original.cell_type)
    return cell
