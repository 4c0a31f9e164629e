"""Who is late, and by how much: due time, extensions, and what Canvas says.

The time of a hand-in is that of its newest file. Of a bulk download of Canvas it is the time of
the download and says nothing: there Canvas' own word, `_LATE_` in the file's name, counts, unless
the roster's column `submitted` knows better.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from grader.bulk_names import parse
from grader.hand_ins import HandIn
from grader.people import Student, match
from grader.roster import Person, Roster

_ISO = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Dated:
    """Hand-ins with their lateness.

    Attributes:
        hand_ins: the same, with `late`, and `submitted` where the roster says it.
        late_by: student → how late, for those who are late by a known time.
        due: student → due time, where there is one.
        problems: what is to be reported.
    """

    hand_ins: tuple[HandIn, ...]
    late_by: Mapping[str, timedelta]
    due: Mapping[str, datetime]
    problems: tuple[str, ...]


def dated(hand_ins: Iterable[HandIn], due: datetime | None, roster: Roster | None) -> Dated:
    """Say of each hand-in whether it is late.

    Args:
        hand_ins: the class, surveyed without a due time: `late` is what Canvas says.
        due: the class's due time, or None.
        roster: extensions and times of handing in, or None.
    """
    found = tuple(hand_ins)
    people = _people(found, roster)
    problems = _lost(found, people, roster)
    if roster is not None and due is None:
        problems += [
            f"{roster.path}:{p.line}: extension: {p.name} has {p.extension / timedelta(days=1):g} "
            "days on top of a due time, but there is none: set `due`"
            for p in roster.people
            if isinstance(p.extension, timedelta)
        ]
    new, late_by, dues = [], {}, {}
    for hand_in in found:
        person = people.get(hand_in.student)
        own = person.due(due) if person else due
        if own is not None:
            dues[hand_in.student] = own
        time = _time(hand_in, person)
        late = hand_in.late if time is None or own is None else time > own
        if time is not None and own is not None and late:
            late_by[hand_in.student] = time - own
        if hand_in.late and time is None and person and person.extension is not None:
            late = False
            problems.append(
                f"{hand_in.student}: Canvas says late, the roster has an extension, and when it "
                "was handed in is not known: not taken for late; the column `submitted` can tell"
            )
        given = person.submitted if person else None
        submitted = given.astimezone(UTC).strftime(_ISO) if given else hand_in.submitted
        new.append(replace(hand_in, late=late, submitted=submitted))
    return Dated(tuple(new), late_by, dues, tuple(problems))


def from_canvas(hand_in: HandIn) -> bool:
    """Whether the names of the files are Canvas', so that their times say nothing."""
    names = (parse(Path(part.path).name, is_folder=False) for part in hand_in.parts)
    return any(name.upload for name in names)


def _people(hand_ins: tuple[HandIn, ...], roster: Roster | None) -> Mapping[str, Person]:
    if roster is None:
        return {}
    students = [Student(hand_in.student, hand_in.lms_id) for hand_in in hand_ins]
    return match(students, roster.people).pairs


def _lost(
    hand_ins: tuple[HandIn, ...], people: Mapping[str, Person], roster: Roster | None
) -> list[str]:
    """Extensions that reach nobody although somebody is left whom they could be for."""
    if roster is None:
        return []
    reached = {person.line for person in people.values()}
    if len(reached) == len(hand_ins):
        return []  # everybody is known; who has an extension may still hand in
    strangers = ", ".join(h.student for h in hand_ins if h.student not in people)
    return [
        f"{roster.path}:{p.line}: extension: {p.name} is matched with no hand-in, and these are "
        f"not in the roster: {strangers}"
        for p in roster.people
        if p.extension is not None and p.line not in reached
    ]


def _time(hand_in: HandIn, person: Person | None) -> datetime | None:
    """When it was handed in, as far as that is known."""
    if person is not None and person.submitted is not None:
        return person.submitted
    if hand_in.submitted is None or from_canvas(hand_in):
        return None
    return datetime.strptime(hand_in.submitted, _ISO).replace(tzinfo=UTC)
