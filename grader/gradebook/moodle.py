"""CSVs for Moodle: its grading worksheet, filled in, and one for the import into its gradebook.

The worksheet (assignment → Submissions → Download grading worksheet) comes back as it was but for
the grade and the feedback; Moodle (`mod/assign/feedback/offline/importgradeslib.php`) finds
students by `Identifier` and wants `Grade` and `Last modified (grade)` in it, all in the site's
language. A worksheet has one grade, so the quiz is in the other file only: gradebook → Import →
CSV file, which asks what each column is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.adjusting import explain
from grader.feedback.markdown import WORDS
from grader.gradebook.cells import number, write_csv
from grader.gradebook.gathered import ExportError, Gathered, Wishes, Written, quiz_of
from grader.people import folded
from grader.roster import Roster

WORKSHEET = "moodle-worksheet.csv"
GRADEBOOK = "moodle-gradebook.csv"
_GRADE = ("grade", "bewertung")
_FEEDBACK = ("feedback comments", "feedback als kommentar")
_MOST = ("maximum grade", "bestwertung")
_IDENTIFIER = re.compile(r"[^\d]+ \d+")
_WHO = (
    "first name", "last name", "surname", "full name", "vollständiger name", "student", "username",
    "id number", "email address", "e-mail-adresse", "email",
)  # fmt: skip


def write(gathered: Gathered, out: Path, wishes: Wishes) -> Written:
    """Write the CSVs: the worksheet only where the roster is one.

    Raises:
        ExportError: there is no roster, or it is a worksheet whose grade column is not found.
    """
    roster = gathered.roster
    if roster is None:
        raise ExportError(
            "moodle: the students' ids are needed: download the grading worksheet from the "
            "assignment, or export the gradebook as CSV, and name it with --roster"
        )
    files, problems = [], []
    if _is_worksheet(roster):
        files.append(write_csv(out / WORKSHEET, _worksheet(roster, gathered, wishes.column)))
        problems = list(_differing(roster, gathered))
    files.append(write_csv(out / GRADEBOOK, _gradebook(roster, gathered, wishes)))
    return Written(tuple(files), tuple(problems))


def _is_worksheet(roster: Roster) -> bool:
    column = roster.column("identifier", "id")
    people = roster.people
    return column is not None and bool(
        people and all(_IDENTIFIER.fullmatch(person.cells[column]) for person in people)
    )


def _worksheet(roster: Roster, gathered: Gathered, wish: str | None) -> Iterator[list[Any]]:
    grade = roster.column(*((folded(wish),) if wish else _GRADE))
    if grade is None:
        raise ExportError(
            f"{roster.path}:1: no column {wish or 'Grade'!r}: name that of the grade with "
            f"--column: {', '.join(roster.header)}"
        )
    feedback = roster.column(*_FEEDBACK)
    ours = {roster.column("extension"), roster.column("submitted")}
    kept = [place for place in range(len(roster.header)) if place not in ours]
    yield [roster.header[place] for place in kept]
    marks = gathered.by_line()
    for person in roster.people:
        cells: list[Any] = list(person.cells)
        if (record := marks.get(person.line)) is not None:
            cells[grade] = record["points"]
            if feedback is not None:
                cells[feedback] = _comment(record)
        yield [cells[place] for place in kept]


def _gradebook(roster: Roster, gathered: Gathered, wishes: Wishes) -> Iterator[list[Any]]:
    kept = [place for place, name in enumerate(roster.header) if folded(name) in _WHO]
    title = wishes.column or gathered.lesson.title
    quiz_title = wishes.quiz_column or f"{gathered.lesson.title}: quiz"
    quiz_column = [quiz_title] if gathered.has_quiz else []
    yield [*(roster.header[place] for place in kept), title, *quiz_column]
    marks = gathered.by_line()
    for person in roster.people:
        record = marks.get(person.line)
        if record is None:
            continue  # Moodle would take an empty cell for a deleted mark; they are reported
        quiz = quiz_of(record)
        points = [quiz["points"] if quiz else None] if quiz_column else []
        yield [*(person.cells[place] for place in kept), record["points"], *points]


def _comment(record: dict[str, Any]) -> str:
    """A short comment in HTML, which is what Moodle's editor holds."""
    if record["status"] != "graded":
        first = record["reason"] or "could not be graded"
        parts = [f"<p>{html.escape(first)}</p>"]
    else:
        parts = [f"<p>{number(record['points'])} of {number(record['max_points'])} points</p>"]
    told = [html.escape(line) for line in explain(record)]
    told += [
        f"{html.escape(name)}: {number(mark['points'])} of {number(mark['max_points'])}, "
        f"{WORDS[mark['verdict']]}"
        for name, mark in record["functions"].items()
    ]
    items = "".join(f"<li>{line}</li>" for line in told)
    return "".join([*parts, f"<ul>{items}</ul>" if items else ""])


def _differing(roster: Roster, gathered: Gathered) -> Iterator[str]:
    column = roster.column(*_MOST)
    for person in roster.people[:1] if column is not None else ():
        theirs = person.cells[column].replace(",", ".") if column is not None else ""
        if re.fullmatch(r"\d+(\.\d+)?", theirs) and float(theirs) != gathered.lesson.max_points:
            yield (
                f"{roster.path}:{person.line}: the assignment is worth {float(theirs):g} points in "
                f"Moodle and {gathered.lesson.max_points:g} here: change it there, marks are not "
                "converted"
            )
