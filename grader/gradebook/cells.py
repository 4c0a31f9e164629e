"""Cells of a CSV: numbers as every gradebook reads them, and text that no spreadsheet runs.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a line break is a formula to a spreadsheet, and
its author may be a student: such cells get an apostrophe in front, which spreadsheets take for
"this is text". A number is left as it is, and so is a lone `-`, which Moodle writes for "never".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.names import shown
from grader.results import written_whole

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_HARMLESS = re.compile(r"-|[+-]?\d+(?:[.,]\d+)?")


def number(value: float) -> str:
    """Points with at most two decimals, as Canvas keeps them: `92`, `71.1`."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    if _FORMULA.match(text) and not _HARMLESS.fullmatch(text):
        return "'" + text
    return text


def cell(value: object) -> str:
    """A cell as it is written."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    # Half a surrogate pair, such as a file name may hold, cannot be written as UTF-8.
    text = str(value)
    return defused(text if text.isascii() or _encodes(text) else shown(text))


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def write_csv(path: Path, rows: Iterable[Sequence[object]], *, bom: bool = False) -> Path:
    """Write a CSV, whole or not at all.

    Args:
        path: the file.
        rows: the lines; the first has the columns' names.
        bom: whether to begin with a byte order mark, without which Excel does not see that it is
            UTF-8. Canvas and Moodle write none and need none.
    """
    with written_whole(path) as file:
        if bom:
            file.write("\ufeff")
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows([cell(value) for value in row] for row in rows)
    return path
