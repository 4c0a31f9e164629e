"""YAML that an instructor writes: read with places, checked whole, all errors at once.

Each error names the file, line and column, the way through the document, what was found and what
is allowed: `overrides.yaml:4:13: overrides[0].function: no function 'rely'; did you mean 'relu'?`
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from quiz.problems import Path as Way
from quiz.problems import Place, Problem, QuizFileError, nearest, place_of, spell
from quiz.tree import Tree, read_authored

SCHEMA_VERSION = 1


class AuthoredError(ValueError):
    """A file cannot be used; the text has one line for each thing wrong with it."""


class Authored:
    """A document under inspection.

    Attributes:
        file: its name in messages.
        value: its plain data; None for an empty document.
        problems: what was found wrong so far.
    """

    def __init__(self, content: bytes, file: str) -> None:
        """Read a document.

        Raises:
            AuthoredError: it is no YAML, or not of the kind that we read.
        """
        try:
            self._tree: Tree = read_authored(content, file)
        except QuizFileError as error:
            raise AuthoredError(str(error)) from None
        self.file = file
        self.value: Any = self._tree.value
        self.problems: list[Problem] = []

    def place(self, way: Way) -> Place:
        """Line and column of a value, or of the nearest thing around it."""
        return place_of(way, self._tree.places)

    def say(self, way: Way, message: str, *, at_key: bool = False) -> None:
        """Note something wrong."""
        place = self._tree.keys.get(way) if at_key else None
        self.problems.append(Problem(place or self.place(way), spell(way), message, self.file))

    def mapping(
        self, value: Any, way: Way, allowed: Collection[str], required: Collection[str] = ()
    ) -> Mapping[str, Any]:
        """Check the keys of a mapping; of what is none, an empty one is given."""
        if not isinstance(value, dict):
            keys = ", ".join(allowed)
            self.say(way, f"must be a mapping with {keys}, found {shown(value)}")
            return {}
        for key in value:
            if key not in allowed:
                self.say((*way, key), f"unknown key; {nearest(key, allowed)}", at_key=True)
        for key in required:
            if key not in value:
                self.say(way, f"{key} is missing")
        return value

    def version(self, value: Mapping[str, Any]) -> None:
        """Check the key `schema_version`."""
        found = value.get("schema_version", SCHEMA_VERSION)
        if found != SCHEMA_VERSION or isinstance(found, bool):
            self.say(("schema_version",), f"must be {SCHEMA_VERSION}, found {shown(found)}")

    def finish(self) -> None:
        """Refuse the document if anything is wrong with it.

        Raises:
            AuthoredError: all that is wrong, in the order of the file.
        """
        if self.problems:
            found = sorted(self.problems, key=lambda problem: (problem.place, problem.path))
            raise AuthoredError("\n".join(map(str, found)))


def read(path: Path) -> Authored:
    """Read a file.

    Raises:
        AuthoredError: it cannot be read, or is no YAML of the kind that we read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AuthoredError(f"{path}: cannot be read: {error.strerror}") from None
    return Authored(content, str(path))


def shown(value: Any) -> str:
    """Name a value in a message."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = repr(value) if isinstance(value, str) else str(value).lower()
    return text if len(text) <= 60 else f"{text[:57]}..."
