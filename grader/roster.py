"""The roster: whom a course has, under which names and numbers, and whose due time is another.

Any CSV with a line of column names will do, above all what Canvas and Moodle export: Canvas'
gradebook, Moodle's grading worksheet, Moodle's gradebook. Columns are known by their names, in any
order; two are ours: `extension` (the student's own due time, `2026-11-24T18:00`, or so many days,
`2`) and `submitted` (when it was handed in, where the file's own time says nothing).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from grader.errors import RequestError
from grader.names import shown
from grader.people import folded, name_keys

MAX_BYTES = 20 * 2**20

IDS = ("id", "sis user id", "identifier", "id number", "integration id")
LOGINS = ("sis login id", "username", "login", "student", "github username")
EMAILS = ("email address", "email", "e-mail", "e-mail address", "e-mail-adresse")
NAMES = ("full name", "name", "student", "vollständiger name")
FIRST = ("first name", "firstname")
LAST = ("last name", "lastname", "surname")
EXTENSION = "extension"
SUBMITTED = "submitted"

_DAYS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:d|days?)?", re.I)
_NO_PEOPLE = ("points possible", "student, test")  # Canvas' line of maxima, and its test student


class RosterError(RequestError):
    """The roster cannot be used; the text has one line for each thing wrong with it."""


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the roster.

    Attributes:
        line: where it stands in the file, from 1.
        cells: its cells, as many as the roster has columns.
        name: how it is called in messages.
        ids: numbers by which the learning platform knows the student.
        logins: names to log in with.
        emails: e-mail addresses.
        names: the name, in every order in which it may be written, letters only.
        extension: the student's own due time, or the time given on top; None without one.
        submitted: when it was handed in, if the roster says so.
    """

    line: int
    cells: tuple[str, ...]
    name: str
    ids: frozenset[str]
    logins: frozenset[str]
    emails: frozenset[str]
    names: frozenset[str]
    extension: datetime | timedelta | None = None
    submitted: datetime | None = None

    def due(self, due: datetime | None) -> datetime | None:
        """The student's due time, where that of the class is `due`."""
        if isinstance(self.extension, datetime):
            return self.extension
        return due if due is None or self.extension is None else due + self.extension


@dataclass(frozen=True, slots=True)
class Roster:
    """A course's students, in the order of the file.

    Attributes:
        path: the file, for messages.
        header: the columns' names, as they are written.
        people: the students.
        others: the lines that are no student's, by number: Canvas' points possible.
    """

    path: str
    header: tuple[str, ...]
    people: tuple[Person, ...]
    others: Mapping[int, tuple[str, ...]]

    def column(self, *names: str) -> int | None:
        """Where the first of these columns is; None where none of them is there."""
        known = {folded(name): number for number, name in reversed([*enumerate(self.header)])}
        return next((known[name] for name in names if name in known), None)


def load(path: Path) -> Roster:
    """Read a roster.

    Raises:
        RosterError: it cannot be read, or says what cannot be understood; all errors at once.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RosterError(f"{path}: cannot be read: {error.strerror}") from None
    if len(content) > MAX_BYTES:
        raise RosterError(f"{path}: larger than {MAX_BYTES // 2**20} MiB: is it a roster?")
    return parse(_text(content, path), str(path))


def parse(text: str, path: str = "roster.csv") -> Roster:
    """Read a roster from its text; `path` is the file that messages name.

    Raises:
        RosterError: all that is wrong with it.
    """
    lines = _lines(text, path)
    header = next(lines, (1, ()))[1]
    if not any(cell.strip() for cell in header):
        raise RosterError(f"{path}:1: no line of column names found: export the roster as CSV")
    reader = _Reader(path, tuple(cell.strip() for cell in header))
    people, others = [], {}
    for line, row in lines:
        cells = tuple(row[: len(header)]) + ("",) * (len(header) - len(row))
        person = reader.person(line, cells)
        if person is None:
            others[line] = cells
        else:
            people.append(person)
    if reader.problems:
        raise RosterError("\n".join(reader.problems))
    return Roster(path, reader.header, tuple(people), others)


def _text(content: bytes, path: Path) -> str:
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # Excel's "Unicode text"
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RosterError(
            f"{path}: byte {error.start} is no UTF-8: save it as “CSV UTF-8” and try again"
        ) from None


def _lines(text: str, path: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The lines that hold anything, each with its number, however its cells are parted."""
    text = text.removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, tuple(row)
    except csv.Error as error:
        raise RosterError(f"{path}:{reader.line_num}: is no CSV: {error}") from None


@dataclass(slots=True)
class _Reader:
    """Reads the lines of one roster and collects what is wrong with them."""

    path: str
    header: tuple[str, ...]
    problems: list[str] = field(default_factory=list)
    _columns: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, name in enumerate(self.header):
            self._columns.setdefault(folded(name), []).append(number)
        known = (*IDS, *LOGINS, *EMAILS, *NAMES)
        if not any(name in self._columns for name in (*known, *LAST)):
            self.problems.append(
                f"{self.path}:1: no column names the students: found "
                f"{', '.join(self.header[:12])}; one of these must be there: {', '.join(known)}"
            )

    def person(self, line: int, cells: tuple[str, ...]) -> Person | None:
        """Read a line; None where it is no student's."""
        given = self._values(cells, NAMES)
        if any(name.strip().lower().startswith(_NO_PEOPLE) for name in given):
            return None
        full = [f"{first} {last}" for first, last in self._pairs(cells)]
        ids = frozenset(_bare(value) for value in self._values(cells, IDS))
        logins = frozenset(folded(value) for value in self._values(cells, LOGINS))
        emails = frozenset(folded(v) for v in self._values(cells, EMAILS))
        if not (given or full or ids or logins or emails):
            return None  # such as Canvas' line of how marks are posted
        called = [*given, *full, *self._values(cells, EMAILS), *logins, *ids]
        return Person(
            line,
            cells,
            shown(called[0]),
            ids,
            logins,
            emails,
            frozenset(key for name in (*given, *full) for key in name_keys(name)),
            self._extension(line, cells),
            self._moment(line, cells, SUBMITTED, _when),
        )

    def _values(self, cells: tuple[str, ...], names: Iterable[str]) -> list[str]:
        columns = (number for name in names for number in self._columns.get(name, ()))
        return [cells[number].strip() for number in columns if cells[number].strip()]

    def _pairs(self, cells: tuple[str, ...]) -> list[tuple[str, str]]:
        first, last = self._values(cells, FIRST), self._values(cells, LAST)
        return list(zip(first, last, strict=False))

    def _extension(self, line: int, cells: tuple[str, ...]) -> datetime | timedelta | None:
        def read(text: str) -> datetime | timedelta:
            if days := _DAYS.fullmatch(text):
                return timedelta(days=float(days[1]))
            return _when(text)

        found: datetime | timedelta | None = self._moment(line, cells, EXTENSION, read)
        return found

    def _moment(
        self, line: int, cells: tuple[str, ...], column: str, read: Callable[[str], Any]
    ) -> Any:
        values = self._values(cells, (column,))
        if not values:
            return None
        try:
            return read(values[0])
        except (ValueError, OverflowError):
            days = "a number of days or " if column == EXTENSION else ""
            self.problems.append(
                f"{self.path}:{line}: {column}: must be {days}a time such as 2026-11-24T18:00, "
                f"found {values[0]!r}"
            )
            return None


def _when(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _bare(number: str) -> str:
    """Moodle's `Participant 1234567`, in any language, is student 1234567 in file names."""
    found = re.fullmatch(r"[^\d]+ (\d+)", number)
    return found[1] if found else folded(number)
