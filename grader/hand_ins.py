"""The hand-ins of a class: which entries of a folder are whose, and which of them counts.

Each entry of the folder is one hand-in, named after the student. What Canvas and Moodle call the
files of a bulk download is understood (`grader.bulk_names`): files of one student's id belong
together, and of several hand-ins the newest counts.

The time of a hand-in is that of its newest file, as the file system has it: for a zip, a notebook
or a module that file's own, for a folder the newest of the files in it. What a zip says about its
members is not believed.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, count

from grader.bulk_names import Named, parse
from grader.names import shown
from grader.newest import Entry, choose
from grader.trees import newest_change

_MADE_BY_PROGRAMS = frozenset({"__macosx", "__pycache__", "thumbs.db", "desktop.ini"})
_PAPERS = frozenset({"readme", "license", "notes", "makefile"})
_NO_WORK = frozenset({"csv", "md", "json", "toml", "cfg", "ini", "log", "xlsx", "yaml", "yml"})


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One entry of the folder of submissions.

    Attributes:
        path: where it is.
        name: what the student called it: `relu.py`, without what Canvas or Moodle put before.
    """

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class HandIn:
    """What one student handed in, found but not yet read.

    Attributes:
        student: the name, fit to be shown, different for each student of a class.
        parts: what counts: one folder, zip or file, or several files that belong together.
        answers: an `answers.yaml` that was handed in beside a folder or a zip.
        submitted: time of the newest file in UTC, `2026-11-22T09:00:00Z`; None if unknown.
        late: Canvas says so, or it came after the due time.
        lms_id: the student's number in Canvas, or the submission's in Moodle, where known.
        notes: what else was there and does not count, in sentences.
    """

    student: str
    parts: tuple[Part, ...]
    answers: Part | None = None
    submitted: str | None = None
    late: bool = False
    lms_id: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """All hand-ins of a class, ordered by student, and notes on entries that are none."""

    hand_ins: tuple[HandIn, ...]
    notes: tuple[str, ...]


def find_hand_ins(
    folder: str | os.PathLike[str], due: datetime | None = None
) -> tuple[HandIn, ...]:
    """Find the hand-ins in a folder, see `survey`, whose notes on other entries it leaves out."""
    return survey(folder, due).hand_ins


def survey(folder: str | os.PathLike[str], due: datetime | None = None) -> Survey:
    """Find the hand-ins in a folder of submissions. Nothing is opened or read but folders' lists.

    Args:
        folder: the folder of submissions.
        due: what came later is late. Without a time zone it is taken for UTC.

    Returns:
        The hand-ins, ordered by student, and a note for every other entry.

    Raises:
        OSError: the folder cannot be listed.
    """
    notes: list[str] = []
    groups: dict[tuple[str, str | None], list[Entry]] = {}
    for entry in _entries(os.fspath(folder), notes):
        groups.setdefault((entry.named.student, entry.named.lms_id), []).append(entry)
    _join_plain(groups)
    hand_ins = sorted(
        _told_apart(_hand_in(entries, due) for entries in groups.values()),
        key=lambda hand_in: hand_in.student,
    )
    return Survey(tuple(hand_ins), tuple(notes))


def single_hand_in(path: str | os.PathLike[str], due: datetime | None = None) -> HandIn:
    """Take one folder or file for a hand-in, of the student it is named after."""
    text = os.path.abspath(os.fspath(path))  # noqa: PTH100 - a name such as `..` must be resolved
    name = os.path.basename(text)  # noqa: PTH119
    time = newest_change(text)
    student = shown(name if os.path.isdir(text) else os.path.splitext(name)[0])  # noqa: PTH112, PTH122
    return HandIn(
        student or "student",
        (Part(text, name),),
        submitted=_utc(time),
        late=_is_after(time, due),
    )


def _hand_in(entries: list[Entry], due: datetime | None) -> HandIn:
    """Decide which of one student's entries count."""
    choice = choose(entries)
    time = max((entry.time for entry in choice.counts if entry.time is not None), default=None)
    is_late = any(entry.named.late for entry in choice.counts) or _is_after(time, due)
    return HandIn(
        student=shown(entries[0].named.student),
        parts=tuple(Part(entry.path, entry.name) for entry in choice.counts),
        answers=Part(choice.answers.path, choice.answers.name) if choice.answers else None,
        submitted=_utc(time),
        late=is_late,
        lms_id=next((entry.named.lms_id for entry in entries if entry.named.lms_id), None),
        notes=choice.notes,
    )


def _utc(time: float | None) -> str | None:
    """Write seconds since 1970 as `2026-11-22T09:00:00Z`; what no calendar holds is unknown."""
    try:
        moment = None if time is None else datetime.fromtimestamp(int(time), UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _is_after(time: float | None, due: datetime | None) -> bool:
    if time is None or due is None:
        return False
    return time > (due if due.tzinfo else due.replace(tzinfo=UTC)).timestamp()


def _entries(folder: str, notes: list[str]) -> Iterator[Entry]:
    """Understand each entry's name, in order; what is no hand-in gets a note."""
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        is_folder = entry.is_dir(follow_symlinks=False)
        named = parse(entry.name, is_folder=is_folder)
        if reason := _refusal(entry.name, named, is_folder=is_folder):
            notes.append(f"{shown(entry.name)}: was not graded: {reason}.")
        else:
            yield Entry(named, entry.path, newest_change(entry.path), is_folder)


def _refusal(name: str, named: Named, *, is_folder: bool) -> str | None:
    """Say why an entry is no hand-in, or None where it is one."""
    if name.startswith(".") or name.lower() in _MADE_BY_PROGRAMS:
        return "it is hidden or made by a program"
    if named.is_typed:
        return "what was typed into a form is not graded"
    if not named.student.strip(" ."):
        return "its name holds no student's name"
    stem, _, suffix = name.lower().rpartition(".")
    if is_folder or named.is_bulk:
        return None
    return "it is no student's work" if (stem or suffix) in _PAPERS or suffix in _NO_WORK else None


def _told_apart(hand_ins: Iterable[HandIn]) -> Iterator[HandIn]:
    """Give each student a name of their own, also where two are called the same."""
    found = list(hand_ins)
    counts = Counter(hand_in.student for hand_in in found)
    taken = {name for name, count in counts.items() if count == 1}
    for hand_in in sorted(found, key=lambda hand_in: (not hand_in.lms_id, hand_in.parts)):
        name = hand_in.student
        if counts[name] > 1:
            marks = chain([hand_in.lms_id] if hand_in.lms_id else [], count(2))
            name = next(n for mark in marks if (n := f"{hand_in.student} ({mark})") not in taken)
            taken.add(name)
        yield replace(hand_in, student=name)


def _join_plain(groups: dict[tuple[str, str | None], list[Entry]]) -> None:
    """Put `ada.zip` to what Canvas or Moodle calls ada's, unless several are called so."""
    numbered: dict[str, list[str]] = {}
    for student, lms_id in groups:
        if lms_id is not None:
            numbered.setdefault(student, []).append(lms_id)
    for student, lms_ids in numbered.items():
        if len(lms_ids) == 1 and (student, None) in groups:
            groups[student, lms_ids[0]] += groups.pop((student, None))
