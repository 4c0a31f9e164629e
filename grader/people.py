"""Who is who: students of the results and lines of a roster, matched by what both sides know.

A pair is made only where both sides leave no doubt: of two students whom a roster calls the same,
neither is matched by name. What remains is reported on both sides, never dropped.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.roster import Person


@dataclass(frozen=True, slots=True)
class Student:
    """A student of the results.

    Attributes:
        name: as in the results: what the hand-in is named after.
        lms_id: the number in Canvas or Moodle, where the hand-in's file names say so.
    """

    name: str
    lms_id: str | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """Who is who.

    Attributes:
        pairs: student → line of the roster.
        students: the students who are not in the roster.
        people: the lines of the roster to which there is no student.
        doubts: of either side, those who could be several of the other.
    """

    pairs: Mapping[str, Person]
    students: tuple[str, ...]
    people: tuple[Person, ...]
    doubts: frozenset[str]


def folded(text: str) -> str:
    """A text without what people write now so, now so: case, spaces around and within."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def name_keys(name: str) -> frozenset[str]:
    """The letters of a name, in the orders in which it may be written.

    `Lovelace, Ada` gives `lovelaceada`, which is what Canvas calls her files, and `adalovelace`.
    """
    last, comma, first = name.partition(",")
    return frozenset({_letters(name), _letters(first + last)} if comma else {_letters(name)}) - {""}


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _plain(key: str) -> str:
    """Letters without their accents."""
    parts = unicodedata.normalize("NFKD", key)
    return "".join(c for c in parts if not unicodedata.combining(c))


def match(students: Iterable[Student], people: Sequence[Person]) -> Matching:
    """Match students and lines of a roster: by number, login, e-mail, name, in this order."""
    left = {student.name: student for student in students}
    right = {person.line: person for person in people}
    pairs: dict[str, Person] = {}
    doubts: set[str] = set()
    for student_keys, person_keys in _WAYS:
        found, unsure = _unique(left.values(), right.values(), student_keys, person_keys)
        doubts |= unsure
        for name, person in found.items():
            pairs[name] = person
            del left[name], right[person.line]
    remaining = tuple(right.values())
    names = {*left, *(person.name for person in remaining)}
    return Matching(pairs, tuple(left), remaining, frozenset(doubts & names))


_StudentKeys = Callable[[Student], Iterable[str]]
_PersonKeys = Callable[["Person"], Iterable[str]]


def _unique(
    students: Iterable[Student],
    people: Iterable[Person],
    student_keys: _StudentKeys,
    person_keys: _PersonKeys,
) -> tuple[dict[str, Person], set[str]]:
    """The pairs that are each other's only ones, and the names of those who have several."""
    persons: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        for key in set(person_keys(person)):
            persons[key].append(person)
    wanted: dict[str, dict[int, Person]] = {}
    claims: dict[int, set[str]] = defaultdict(set)
    for student in students:
        found = {p.line: p for key in set(student_keys(student)) for p in persons.get(key, ())}
        if found:
            wanted[student.name] = found
        for line in found:
            claims[line].add(student.name)
    pairs, doubts = {}, set()
    for name, found in wanted.items():
        person = next(iter(found.values()))
        if len(found) == 1 and len(claims[person.line]) == 1:
            pairs[name] = person
        else:
            doubts |= {name, *(p.name for p in found.values())}
    return pairs, doubts


_WAYS: tuple[tuple[_StudentKeys, _PersonKeys], ...] = (
    (lambda s: [s.lms_id] if s.lms_id else [], lambda p: p.ids),
    (lambda s: [folded(s.name)], lambda p: p.logins),
    (lambda s: [folded(s.name)], lambda p: p.emails),
    (lambda s: [folded(s.name)], lambda p: p.ids),
    (lambda s: name_keys(s.name), lambda p: p.names),
    (lambda s: [folded(s.name)], lambda p: [e.partition("@")[0] for e in p.emails]),
    (lambda s: map(_plain, name_keys(s.name)), lambda p: map(_plain, p.names)),
)
