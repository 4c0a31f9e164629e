"""Values of a failing call as small aligned tables, with the entries that differ marked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nnv.wording import show

DIGITS = 6
MORE_DIGITS = 10
FITS = 3
"""Numbers in a row that any screen has room for."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a table, and whether it is another than the one that is due."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A value as a page shows it.

    Attributes:
        kind: ``table`` (rows of cells), ``number`` (a table of one cell), ``text``, or ``parts``,
            such as the layers of a network.
        rows: the cells.
        text: the text; of a table, its shape in words.
        parts: each with its label.
    """

    kind: Literal["table", "number", "text", "parts"]
    rows: tuple[tuple[Cell, ...], ...] = ()
    text: str = ""
    parts: tuple[tuple[str, Value], ...] = ()

    @property
    def wide(self) -> bool:
        """Whether it may be wider than a small screen, so that it is scrolled sideways."""
        return any(len(row) > FITS for row in self.rows) or any(v.wide for _, v in self.parts)


def value(data: Any) -> Value:
    """Lay out a value of a failing call, as `grader.messages.plain` stored it."""
    return _laid_out(data, None, DIGITS)


def both(gave: Any, due: Any) -> tuple[Value, Value]:
    """Lay out what came back beside what was due, the entries that differ marked in both."""
    digits = DIGITS
    pair = _laid_out(gave, due, digits), _laid_out(due, gave, digits)
    if _texts(pair[0]) == _texts(pair[1]):  # they differ in digits that six do not show
        digits = MORE_DIGITS
        pair = _laid_out(gave, due, digits), _laid_out(due, gave, digits)
    return pair


def _laid_out(data: Any, other: Any, digits: int) -> Value:
    if _is_number(data):
        differs = other is not None and _differ(data, other)
        return Value("number", ((Cell(_formatted([[data]], digits)[0][0], differs),),))
    rows = _rows(data)
    if rows is not None:
        return _table(data, rows, _rows(other), digits)
    if isinstance(data, list):
        return _parts(data, other, digits)
    if isinstance(data, dict):
        return Value("text", text=str(data.get("text", "")))
    return Value("text", text=show(data))


def _table(data: Any, rows: list[list[Any]], others: Any, digits: int) -> Value:
    same = others is not None and list(map(len, rows)) == list(map(len, others))
    texts = _formatted(rows, digits)
    cells = tuple(
        tuple(
            Cell(texts[i][j], same and _differ(number, others[i][j]))
            for j, number in enumerate(row)
        )
        for i, row in enumerate(rows)
    )
    flat = not isinstance(data[0], list)
    shape = f"({len(data)},)" if flat else f"({len(rows)}, {len(rows[0])})"
    return Value("table", cells, text=f"shape {shape}")


def _parts(data: list[Any], other: Any, digits: int) -> Value:
    others = other if isinstance(other, list) and len(other) == len(data) else [None] * len(data)
    labels: Sequence[str] = [f"{i + 1}." for i in range(len(data))]
    if len(data) == 2 and _depth(data[0]) == 2 and _depth(data[1]) < 2:
        labels = ("W", "b")
    elif data and all(isinstance(item, list) and len(item) == 2 for item in data):
        labels = [f"layer {i + 1}" for i in range(len(data))]
    parts = (_laid_out(item, o, digits) for item, o in zip(data, others, strict=True))
    return Value("parts", parts=tuple(zip(labels, parts, strict=True)))


def _rows(data: Any) -> list[list[Any]] | None:
    """A vector as one row, a matrix as its rows; None for anything else, empty ones too."""
    if not isinstance(data, list) or not data:
        return None
    if all(map(_is_number, data)):
        return [data]
    if not all(isinstance(row, list) and row and all(map(_is_number, row)) for row in data):
        return None
    return data if len(set(map(len, data))) == 1 else None


def _is_number(data: Any) -> bool:
    return isinstance(data, (int, float)) and not isinstance(data, bool)


def _depth(data: Any) -> int:
    return 1 + max(map(_depth, data), default=0) if isinstance(data, list) else 0


def _differ(one: Any, other: Any) -> bool:
    if not _is_number(one) or not _is_number(other):
        return bool(one != other)
    if isinstance(one, int) and isinstance(other, int):
        return one != other
    return not math.isclose(one, other, rel_tol=2e-9, abs_tol=1e-12)


def _formatted(rows: list[list[Any]], digits: int) -> list[list[str]]:
    """Numbers of one table with the same number of decimals, so that they align."""
    texts = [[show(number, digits) for number in row] for row in rows]
    flat = [text for row in texts for text in row]
    if any("e" in text or "n" in text for text in flat) or not any("." in t for t in flat):
        return texts
    decimals = max(len(text.partition(".")[2]) for text in flat)
    return [[_padded(text, decimals) for text in row] for row in texts]


def _padded(text: str, decimals: int) -> str:
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest.ljust(decimals, '0')}" if decimals else whole


def _texts(shown: Value) -> Any:
    return (
        shown.kind,
        shown.text,
        [[cell.text for cell in row] for row in shown.rows],
        [_texts(part) for _, part in shown.parts],
    )
