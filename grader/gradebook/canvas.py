"""A CSV for Canvas' gradebook (Grades → Import), from its own export and our results.

Canvas (`lib/gradebook_importer.rb` in its sources) wants `Student`, `ID`, then, where they are,
`SIS User ID`, `SIS Login ID`, `Integration ID`, `Root Account`, then `Section`, then assignments,
each with its id in brackets, and knows students by their id first. An assignment that it does not
know it offers to create. A cell that is empty here and not there would delete a mark: students
without a new one keep the cell that the roster has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.gradebook.cells import write_csv
from grader.gradebook.gathered import ExportError, Gathered, Wishes, Written, letters, quiz_of
from grader.people import folded
from grader.roster import Roster

FILE_NAME = "canvas.csv"
_ABOUT_STUDENTS = frozenset(
    (
        *("student", "lastname", "firstname", "id", "section"),
        *("sis user id", "sis login id", "integration id", "root account"),
    )
)
_WITH_ID = re.compile(r"(?P<title>.*)\s\((?P<id>\d+)\)")
_POSSIBLE = "points possible"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of marks.

    Attributes:
        name: its name; Canvas knows it by the id in it.
        place: where it is in the roster; None for a new one.
        most: our maximum.
    """

    name: str
    place: int | None
    most: float


def write(gathered: Gathered, out: Path, wishes: Wishes) -> Written:
    """Write the CSV.

    Raises:
        ExportError: there is no roster, it is not Canvas', or which column is meant is not clear.
    """
    roster = _checked(gathered.roster)
    columns = [_column(roster, gathered.lesson.title, _points_names(gathered), wishes.column)]
    columns[0] = Column(columns[0].name, columns[0].place, gathered.lesson.max_points)
    if gathered.has_quiz:
        columns.append(_quiz_column(roster, gathered, wishes.quiz_column))
    path = write_csv(out / FILE_NAME, _rows(roster, gathered, columns))
    return Written((path,), tuple(_differing(roster, columns)), tuple(_notes(columns)))


def _checked(roster: Roster | None) -> Roster:
    if roster is None:
        raise ExportError(
            "canvas: the students' ids are needed: export the gradebook from Canvas (Grades → "
            "Export) and name it with --roster"
        )
    missing = [name for name in ("ID", "Section") if roster.column(name.lower()) is None]
    if missing or roster.column("student", "lastname") is None:
        raise ExportError(
            f"{roster.path}:1: is no gradebook of Canvas: found {', '.join(roster.header[:8])}; "
            "Student, ID and Section must be there"
        )
    return roster


def _points_names(gathered: Gathered) -> set[str]:
    return {letters(gathered.assignment), letters(gathered.lesson.title)}


def _column(roster: Roster, title: str, names: set[str], wish: str | None) -> Column:
    """The column that is meant: the wished one, the one of our name, or the only one."""
    section = roster.column("section") or 0
    found = [
        (place, name, match["title"], match["id"])
        for place, name in enumerate(roster.header)
        if place > section and (match := _WITH_ID.fullmatch(name))
    ]
    if wish is not None:
        named = [entry for entry in found if folded(wish) in map(folded, entry[1:])]
    else:
        named = [entry for entry in found if letters(entry[2]) in names]
        named = named or (found if len(found) == 1 else [])
    if len(named) == 1:
        return Column(named[0][1], named[0][0], 0)
    if not found and wish is None:
        return Column(title, None, 0)
    asked = "several columns could be" if named else "no column is"
    wanted = repr(wish) if wish is not None else "the exercises'"
    raise ExportError(
        f"{roster.path}:1: {asked} {wanted}: name one with --column: "
        + ", ".join(entry[1] for entry in found)
    )


def _quiz_column(roster: Roster, gathered: Gathered, wish: str | None) -> Column:
    most = next(quiz["max_points"] for r in gathered.records if (quiz := quiz_of(r)))
    title = f"{gathered.lesson.title}: quiz"
    if wish is not None:
        found = _column(roster, title, set(), wish)
        return Column(found.name, found.place, most)
    names = {f"{name}quiz" for name in _points_names(gathered)} | {"quiz"}
    for place, name in enumerate(roster.header):
        if (match := _WITH_ID.fullmatch(name)) and letters(match["title"]) in names:
            return Column(name, place, most)
    return Column(title, None, most)


def _rows(roster: Roster, gathered: Gathered, columns: list[Column]) -> Iterator[list[Any]]:
    section = roster.column("section") or 0
    kept = [n for n in range(section + 1) if folded(roster.header[n]) in _ABOUT_STUDENTS]
    yield [*(roster.header[n] for n in kept), *(column.name for column in columns)]
    marks = gathered.by_line()
    lines = {person.line: person.cells for person in roster.people} | dict(roster.others)
    for line, cells in sorted(lines.items()):
        old = [None if column.place is None else cells[column.place] for column in columns]
        if folded(cells[0]).startswith(_POSSIBLE):
            new: list[Any] = [column.most if column.place is None else None for column in columns]
        else:
            new = _marks(marks.get(line))[: len(columns)]
        pairs = zip(new, old, strict=True)
        yield [*(cells[n] for n in kept), *(o if n is None else n for n, o in pairs)]


def _marks(record: dict[str, Any] | None) -> list[Any]:
    if record is None:
        return [None, None]
    quiz = quiz_of(record)
    return [record["points"], quiz["points"] if quiz else None]


def _differing(roster: Roster, columns: list[Column]) -> Iterator[str]:
    """Where Canvas' maximum is not ours, marks would be misread."""
    for line, cells in roster.others.items():
        for column in columns if folded(cells[0]).startswith(_POSSIBLE) else ():
            theirs = cells[column.place].replace(",", ".") if column.place is not None else ""
            if re.fullmatch(r"\d+(\.\d+)?", theirs) and float(theirs) != column.most:
                yield (
                    f"{roster.path}:{line}: {column.name} is worth {float(theirs):g} points in "
                    f"Canvas and {column.most:g} here: change it there, marks are not converted"
                )


def _notes(columns: list[Column]) -> Iterator[str]:
    for column in columns:
        if column.place is None:
            yield f"“{column.name}” is not in the roster: Canvas offers to create it"
