"""YAML events into plain data with places, in bounded time, memory and depth.

Both YAML libraries that we use give the same stream of events: ruamel.yaml for what authors write
(`read_authored`), PyYAML's C parser for answers (`answers.py`). Aliases are refused, which is what
makes a small file with billions of laughs in it harmless, and so is nesting that no quiz needs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from quiz.problems import Path, Place, Problem, QuizFileError, spell

MAX_DEPTH = 24
MAX_NODES = 40_000
MAX_BYTES = 512 * 1024

_INTEGER = re.compile(r"[-+]?[0-9]{1,300}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?\Z")
_CONSTANTS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: truth
    for truth, words in ((True, "true True TRUE"), (False, "false False FALSE"))
    for word in words.split()
}


class TreeError(Exception):
    """The document is not one that we read.

    Attributes:
        place: Where it stops.
        path: The way there through the document.
    """

    def __init__(self, message: str, place: Place, path: Path) -> None:
        super().__init__(message)
        self.place = place
        self.path = path


def core_scalar(text: str, plain: bool) -> Any:
    """A scalar as YAML 1.2 means it: `yes` and dates stay text."""
    if not plain:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.match(text):
        return int(text)
    if _FLOAT.match(text) and math.isfinite(float(text)):
        return float(text)
    return text


def text_scalar(text: str, plain: bool) -> Any:
    """A scalar as it was typed."""
    return text


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    path: Path
    value: Any
    is_mapping: bool
    key: str | None = None


@dataclass(slots=True)
class Tree:
    """A document: its plain data, and where each thing of it stands.

    Attributes:
        value: Dictionaries, lists and scalars; None for an empty document.
        places: Line and column by path; of a mapping's value it is the place of the value.
        keys: Line and column of the keys themselves, by path.
        repeated: Keys that stood twice in one mapping.
    """

    value: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    repeated: list[Path] = field(default_factory=list)


_COUNTED = frozenset(("ScalarEvent", "MappingStartEvent", "SequenceStartEvent"))


class _Builder:
    """Puts events together."""

    def __init__(self, scalar: Callable[[str, bool], Any], with_places: bool) -> None:
        self.tree = Tree()
        self._scalar = scalar
        self._with_places = with_places
        self._open: list[_Open] = []
        self._top: _Open | None = None
        self._documents = 0

    def add_all(self, events: Iterable[Any]) -> None:
        """Put events together, by the names that both libraries give their classes."""
        nodes = 0
        handlers: dict[str, Callable[[Any], None]] = {
            "ScalarEvent": self._scalar_event,
            "MappingStartEvent": self._mapping,
            "SequenceStartEvent": self._sequence,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "AliasEvent": self._alias,
            "DocumentStartEvent": self._document,
        }
        for event in events:
            kind = event.__class__.__name__
            if kind in _COUNTED:
                if nodes == MAX_NODES:
                    self._fail(f"more than {MAX_NODES} values", event)
                nodes += 1
            if kind in handlers:
                handlers[kind](event)

    def _mapping(self, event: Any) -> None:
        self._start(event, {})

    def _sequence(self, event: Any) -> None:
        self._start(event, [])

    def _end(self, event: Any) -> None:
        self._open.pop()
        self._top = self._open[-1] if self._open else None

    def _alias(self, event: Any) -> None:
        self._fail("aliases (*name) are not read: write the value out", event)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._fail("a second document (---): one file holds one", event)

    def _fail(self, message: str, event: Any) -> None:
        raise TreeError(message, _place(event), self._path())

    def _path(self) -> Path:
        top = self._top
        if top is None:
            return ()
        if not top.is_mapping:
            return (*top.path, len(top.value))
        return top.path if top.key is None else (*top.path, top.key)

    def _scalar_event(self, event: Any) -> None:
        top = self._top
        if top is not None and top.key is None and top.is_mapping:
            self._key(top, event)
        else:
            self._put(self._scalar(event.value, not event.style), event)

    def _key(self, top: _Open, event: Any) -> None:
        key = event.value
        if key in top.value:
            self.tree.repeated.append((*top.path, key))
        top.key = key
        if self._with_places:
            self.tree.keys[(*top.path, key)] = _place(event)

    def _start(self, event: Any, value: Any) -> None:
        top = self._top
        if top is not None and top.key is None and top.is_mapping:
            self._fail("a key must be a plain word, found a list or a mapping", event)
        if len(self._open) >= MAX_DEPTH:
            self._fail(f"nested more than {MAX_DEPTH} levels deep", event)
        path = self._path()
        self._put(value, event)
        self._top = _Open(path, value, value.__class__ is dict)
        self._open.append(self._top)

    def _put(self, value: Any, event: Any) -> None:
        if self._with_places:
            self.tree.places[self._path()] = _place(event)
        top = self._top
        if top is None:
            self.tree.value = value
        elif top.is_mapping:
            top.value[top.key] = value
            top.key = None
        else:
            top.value.append(value)


def _place(event: Any) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1)


def build(
    events: Iterable[Any],
    scalar: Callable[[str, bool], Any] = text_scalar,
    with_places: bool = False,
) -> Tree:
    """Put a stream of YAML events together.

    Args:
        events: What ruamel.yaml's or PyYAML's `parse` gives.
        scalar: Makes a value of a scalar's text and of whether it stood without quotes.
        with_places: Whether to remember where each thing stands.

    Raises:
        TreeError: An alias, a second document, a key that is no scalar, or too deep or too large.
    """
    builder = _Builder(scalar, with_places)
    builder.add_all(events)
    return builder.tree


def read_authored(content: bytes, file: str) -> Tree:
    """Read what an author wrote, by the rules of YAML 1.2.

    Args:
        content: The file's bytes, UTF-8.
        file: Its name, for messages.

    Raises:
        QuizFileError: It is too large, no UTF-8, or no YAML of the kind that we read.
    """
    try:
        if len(content) > MAX_BYTES:
            raise TreeError(f"larger than {MAX_BYTES} bytes", Place(1, 1), ())
        tree = _parse_with_ruamel(_decoded(content))
    except TreeError as error:
        problem = Problem(error.place, spell(error.path), str(error), file)
        raise QuizFileError([problem]) from None
    if tree.repeated:
        raise QuizFileError(
            Problem(
                tree.keys[path],
                spell(path),
                f"the key {path[-1]!r} stands here a second time: keep one of them",
                file,
            )
            for path in tree.repeated
        )
    return tree


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte {content[error.start]:#04x} is no UTF-8: save the file as UTF-8"
        raise TreeError(message, Place(line, 1), ()) from None


def _parse_with_ruamel(text: str) -> Tree:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return build(YAML(typ="safe", pure=True).parse(text), core_scalar, with_places=True)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        said = ", ".join(filter(None, (error.context, error.problem)))
        raise TreeError(f"this is no YAML: {said}", place, ()) from None
    except (YAMLError, ValueError, RecursionError, AttributeError, IndexError) as error:
        raise TreeError(f"this is no YAML: {error}", Place(1, 1), ()) from None
