"""What is wrong with a quiz file, all of it at once, and how it is said.

QuizError
├── QuizFileError      the quiz cannot be read or means nothing; holds every Problem
├── QuizAnswersError   an answers file cannot be read
└── QuizKeyError       marking was asked of an edition without key
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Line and column in a file, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        place: Where it stands.
        path: The way through the document, such as `questions[3].tolerance`; empty for the whole
            file.
        message: What was found, what is allowed and what to do.
        file: The file's name.
    """

    place: Place
    path: str
    message: str
    file: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.place.line}:{self.place.column}: "
        return where + (f"{self.path}: " if self.path else "") + self.message


class QuizError(Exception):
    """Base of everything that the quiz engine raises on purpose."""


class QuizFileError(QuizError):
    """A quiz file is wrong.

    Attributes:
        problems: Everything that is wrong with it, in the file's order.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.place, problem.path)))
        super().__init__("\n".join(map(str, self.problems)))


class QuizAnswersError(QuizError):
    """An answers file cannot be read; the text says why and what to do."""


class QuizKeyError(QuizError):
    """The quiz has no key, so nothing can be marked with it."""


def spell(path: Path) -> str:
    """Write a path as people read it: `questions[3].options[0].id`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def nearest(found: str, known: Iterable[str]) -> str:
    """A remark that names the known word that `found` resembles most, or lists what is known."""
    known = tuple(known)
    close = get_close_matches(found, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return "known here: " + ", ".join(known)


def place_of(path: Path, places: Mapping[Path, Place]) -> Place:
    """The place of a path, or of the nearest thing around it."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path, Place(1, 1))
