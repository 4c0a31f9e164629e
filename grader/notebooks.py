"""A notebook's code cells, in order, as plain Python. Nothing is run."""

import json
import re
from collections.abc import Iterator
from typing import Any

from grader.magics import without_magics
from grader.names import shown
from grader.reading import MAX_CELLS, MAX_MODULE_BYTES, Unreadable, too_large

# A list of nothing but `[]` needs twenty times its text in memory. No honest notebook has as many
# parts; what has are pictures drawn by a script, kept as the numbers they show.
_MAX_BRACKETS = 200_000
_MAX_COMMAS = 1_000_000
# Cells that run the self-checks are handed out with the notebook; they are no work of a student's.
_CHECK = re.compile(r"""\s*check\(["']\w+["']\)\s*""")
_CLEAR = "clear all outputs, save it and hand it in again"

Cells = tuple[tuple[str, bytes], ...]


def read_notebook(data: bytes, where: str) -> tuple[Cells, tuple[str, ...]]:
    """Take the code cells out of a notebook of format 3 or 4.

    Args:
        data: the bytes of an `.ipynb` file.
        where: its name, for messages.

    Returns:
        The cells as `("cell 3", source)`, counted from 1 over all cells, those of text included,
        with magics taken out and empty ones left out; and notes on what was skipped.

    Raises:
        Unreadable: it is no notebook, or one of another language, or has too many parts.
    """
    notebook = _load(data, where)
    _check_language(notebook, where)
    cells: list[tuple[str, bytes]] = []
    notes: list[str] = []
    n_bytes = 0
    for number, source in _code(notebook, where):
        n_bytes = _within(n_bytes + len(source), where)
        if _CHECK.fullmatch(source):
            continue
        plain, note = without_magics(source)
        if note:
            notes.append(f"{where}, cell {number}: {shown(note)}")
        if plain.strip():
            # A lone surrogate, which JSON allows, is spelt as Python would in a string.
            cells.append((f"cell {number}", plain.encode(errors="backslashreplace")))
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"{where}: has {len(cells)} code cells; at most {MAX_CELLS} are allowed.")
    return tuple(cells), tuple(notes)


def _within(n_bytes: int, where: str) -> int:
    """Refuse a notebook that has more code than a module may have."""
    if n_bytes > MAX_MODULE_BYTES:
        raise too_large(f"{where}, code cells", n_bytes, MAX_MODULE_BYTES)
    return n_bytes


def _load(data: bytes, where: str) -> dict[str, Any]:
    if not data.strip():
        raise Unreadable(f"{where}: is empty; save the notebook and hand it in again.")
    n_brackets = data.count(b"[") + data.count(b"{")
    if n_brackets > _MAX_BRACKETS or data.count(b",") > _MAX_COMMAS:
        raise Unreadable(f"{where}: has too many parts for a notebook; {_CLEAR}.")
    try:
        loaded = json.loads(data)
    except RecursionError:
        raise Unreadable(f"{where}: is nested too deeply for a notebook; {_CLEAR}.") from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"{where}:{error.lineno}:{error.colno}: is no notebook: {error.msg}; open it in "
            "Jupyter, save it and hand it in again."
        ) from None
    except (ValueError, UnicodeError) as error:
        raise Unreadable(f"{where}: is no notebook: {str(error)[:100]}.") from None
    if not isinstance(loaded, dict):
        raise Unreadable(f"{where}: is no notebook: holds {_kind(loaded)} where an object is due.")
    return loaded


def _check_language(notebook: dict[str, Any], where: str) -> None:
    metadata = notebook.get("metadata")
    if not isinstance(metadata, dict):
        return
    for key, inner in (("kernelspec", "language"), ("language_info", "name")):
        entry = metadata.get(key)
        language = entry.get(inner) if isinstance(entry, dict) else None
        if isinstance(language, str) and language and "python" not in language.lower():
            raise Unreadable(
                f"{where}: metadata.{key}.{inner}: must be python, found {shown(language[:40])!r}."
            )


def _code(notebook: dict[str, Any], where: str) -> Iterator[tuple[int, str]]:
    """Yield number and source of each code cell."""
    for number, (place, cell) in enumerate(_all_cells(notebook, where), start=1):
        if not isinstance(cell, dict):
            raise Unreadable(f"{where}: {place}: must be an object, found {_kind(cell)}.")
        if cell.get("cell_type") == "code":
            # Format 3 called it `input`.
            key = "source" if "source" in cell else "input"
            yield number, _text(cell.get(key, ""), f"{where}: {place}.{key}")


def _all_cells(notebook: dict[str, Any], where: str) -> Iterator[tuple[str, object]]:
    if "cells" in notebook or "worksheets" not in notebook:
        yield from _listed(notebook, "cells", "", where)
        return
    for place, sheet in _listed(notebook, "worksheets", "", where):
        if not isinstance(sheet, dict):
            raise Unreadable(f"{where}: {place}: must be an object, found {_kind(sheet)}.")
        yield from _listed(sheet, "cells", f"{place}.", where)


def _listed(
    holder: dict[str, Any], key: str, prefix: str, where: str
) -> Iterator[tuple[str, object]]:
    entries = holder.get(key)
    if not isinstance(entries, list):
        found = _kind(entries) if key in holder else "nothing"
        raise Unreadable(f"{where}: is no notebook: {prefix}{key}: must be a list, found {found}.")
    for index, entry in enumerate(entries):
        yield f"{prefix}{key}[{index}]", entry


def _text(source: object, where: str) -> str:
    if isinstance(source, str):
        return source
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    raise Unreadable(f"{where}: must be text or a list of lines, found {_kind(source)}.")


def _kind(value: object) -> str:
    names = {
        dict: "an object",
        list: "a list",
        str: "text",
        bool: "a truth value",
        type(None): "null",
    }
    return names.get(type(value), "a number")
