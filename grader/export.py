"""`nnv export`: the results of a class in the format of another program.

Each format has a folder of its own, `DIR/export-FORMAT`. Nothing is dropped silently: whoever is on
one side only, of the results and the roster, is reported by name.
"""

from __future__ import annotations

import importlib
from pathlib import Path

from grader.gradebook.gathered import ExportError, Wishes, Written, gather
from grader.names import shown
from grader.results import ResultsError

FORMATS = {
    "canvas": "canvas",
    "moodle": "moodle",
    "gradescope": "gradescope",
    "junit": "junit",
    "github": "github",
    "feedback-zip": "feedback_zip",
    "csv": "plain",
}


def export(
    name: str, folder: Path, out: Path | None = None, roster: Path | None = None,
    wishes: Wishes | None = None,
) -> Written:  # fmt: skip
    """Write results in another format.

    Args:
        name: one of `FORMATS`.
        folder: what ``nnv grade --out`` names.
        out: where to write; None for ``export-NAME`` in the results' folder.
        roster: CSV of the course's students.
        wishes: what else was asked for.

    Returns:
        What was written, and everything that is to be reported.

    Raises:
        ResultsError: there are no results, or nothing can be written.
        RosterError: the roster cannot be used.
        ExportError: these results cannot be had in this format, or not with this roster.
    """
    gathered = gather(folder, roster)
    target = out or folder / f"export-{name}"
    writer = importlib.import_module(f"grader.gradebook.{FORMATS[name]}")
    try:
        target.mkdir(parents=True, exist_ok=True)
        written: Written = writer.write(gathered, target, wishes or Wishes())
    except OSError as error:
        raise ResultsError(f"{target}: cannot be written: {error.strerror}: make room") from error
    problems = (*gathered.without_mark(), *gathered.unmatched(), *written.problems)
    return Written(written.files, tuple(map(shown_line, problems)), written.notes)


def shown_line(text: str) -> str:
    """A problem on one line that a terminal can print."""
    return shown(text).encode("utf-8", "backslashreplace").decode()


__all__ = ["FORMATS", "ExportError", "export"]
