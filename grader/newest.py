"""Which of one student's entries counts, where there are several: the newest.

Loose files of a bulk download belong together and are one hand-in; a folder, a zip and a file named
after the student are one each. Canvas numbers its uploads, so that the greater number is the newer;
elsewhere the time of the file decides.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grader.bulk_names import Named
from grader.names import shown
from grader.selection import is_answers, known_modules

_AGAIN = re.compile(r"-\d+(?=(?:\.[^.]*)?$)")
_OUR_NAMES = frozenset({"neural_networks", "answers", "exercises"})
_LOOSE = (".py", ".ipynb", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the folder of submissions whose name has been understood.

    Attributes:
        named: what its name says.
        path: where it is.
        time: when its newest file was changed, in seconds since 1970; None if unknown.
        is_folder: whether it is a folder.
        name: what the student called it, without what Canvas appends when it comes again.
    """

    named: Named
    path: str
    time: float | None
    is_folder: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What counts of one student's entries: at least one; and what is said about the others."""

    counts: tuple[Entry, ...]
    answers: Entry | None
    notes: tuple[str, ...]


def choose(entries: Iterable[Entry]) -> Choice:
    """Choose what counts of the entries of one student.

    Args:
        entries: at least one.

    Returns:
        One folder, zip or file, or the loose files that belong together.
    """
    entries = list(entries)
    if len(entries) == 1:
        return Choice((_called(entries[0], entries[0].named.file),), None, ())
    named = _originally_named(entries)
    newer = _order(named)
    latest = {}
    for entry in sorted(named, key=newer):
        latest[entry.name if _is_loose(entry) else entry.path] = entry
    offers = _offers(list(latest.values()))
    counts = max(offers, key=lambda offer: max(map(newer, offer)))
    used_paths = {entry.path for entry in counts}
    others = [entry for entry in named if entry.path not in used_paths]
    beside = max((entry for entry in others if is_answers(entry.name)), key=newer, default=None)
    dropped = [entry for entry in others if entry is not beside]
    used = _label(max(counts, key=newer))
    notes = tuple(
        f"{_label(entry)}: was not used, because {used} is newer and counts." for entry in dropped
    )
    return Choice(tuple(sorted(counts, key=lambda entry: entry.name)), beside, notes)


def _offers(entries: list[Entry]) -> list[list[Entry]]:
    """Put together what belongs together; answers alone are an offer only if there is no other."""
    loose = [entry for entry in entries if _is_loose(entry)]
    work = [entry for entry in loose if not is_answers(entry.name)]
    others = [[entry] for entry in entries if not _is_loose(entry)]
    readable = [offer for offer in others if _is_container(offer[0])]
    if work:
        readable.append(loose)
    return readable or ([loose] if loose else others)


def _originally_named(entries: list[Entry]) -> list[Entry]:
    """Take off what Canvas appends to the name of a file that is handed in again: `relu-1.py`.

    A student's own `part-1.py` and `part-2.py` stay two files: the mark is taken off only where the
    name that is left is one of ours, or is there too.
    """
    names = {entry.named.file for entry in entries}
    ours = known_modules() | _OUR_NAMES

    def original(entry: Entry) -> str:
        name = entry.named.file
        plain = _AGAIN.sub("", name)
        is_again = plain in names or plain.rpartition(".")[0].lower() in ours
        return plain if entry.named.upload and is_again else name

    return [_called(entry, original(entry)) for entry in entries]


def _called(entry: Entry, name: str) -> Entry:
    return Entry(entry.named, entry.path, entry.time, entry.is_folder, name)


def _order(entries: list[Entry]) -> Callable[[Entry], tuple[float, str]]:
    """Say how to tell the newer of two entries."""
    if all(entry.named.upload for entry in entries):
        return lambda entry: (entry.named.upload, entry.path)
    return lambda entry: (entry.time or 0.0, entry.path)


def _is_loose(entry: Entry) -> bool:
    return entry.named.is_bulk and not entry.is_folder and entry.name.lower().endswith(_LOOSE)


def _is_container(entry: Entry) -> bool:
    return entry.is_folder or entry.name.lower().endswith((".zip", *_LOOSE))


def _label(entry: Entry) -> str:
    return shown(entry.path.rpartition("/")[2])
