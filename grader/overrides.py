"""Marks that an instructor set by hand: `overrides.yaml`, and what becomes of a mark.

    schema_version: 1
    overrides:
      - {student: ada, function: relu, points: 8, reason: "right, but for a typo in the handout"}
      - {student: ben, quiz: minimum-layers, points: 2, reason: "explained it in the lab"}
      - {student: zoe, total: true, points: 60, reason: "oral examination"}

Overrides are applied to stored results each time that grading runs; nothing is graded again for
them. `grader.adjusting` says in which order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from grader import authored
from grader.authored import Authored, AuthoredError, shown
from nnv.manifest import Manifest
from quiz.problems import Path as Way
from quiz.problems import nearest, spell

FILE_NAME = "overrides.yaml"
TARGETS = ("function", "quiz", "total")
_KEYS = ("student", *TARGETS, "points", "reason")

Questions = Callable[[], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Override:
    """One mark set by hand.

    Attributes:
        student: whose, as in the results.
        target: `function`, `quiz` or `total`.
        name: the function's name or the question's id; empty for the total.
        points: what stands from now on.
        reason: why, for the student to read.
        place: where it is written, `overrides.yaml:4:5: overrides[0]`, for messages.
    """

    student: str
    target: str
    name: str
    points: float
    reason: str
    place: str

    def unknown_student(self, students: list[str], elsewhere: frozenset[str]) -> str:
        """Say that no hand-in bears this name; `elsewhere` are names that the roster has."""
        if self.student in elsewhere:
            return f"{self.place}.student: {self.student!r} is in the roster but handed nothing in"
        close = get_close_matches(self.student, students, n=1, cutoff=0.5)
        hint = f"; did you mean {close[0]!r}?" if close else ": write it as in results.json"
        return f"{self.place}.student: no hand-in of {self.student!r}{hint}"


def load(path: Path, manifest: Manifest, questions: Questions) -> tuple[Override, ...]:
    """Read a file of overrides; an empty file has none.

    Args:
        path: the file.
        manifest: the functions, with their points.
        questions: gives the quiz's questions, id → points; called only if one is named.

    Raises:
        AuthoredError: all that is wrong with the file.
    """
    return parse(authored.read(path), manifest, questions)


def parse(document: Authored, manifest: Manifest, questions: Questions) -> tuple[Override, ...]:
    """Read overrides from a document, see `load`."""
    if document.value is None:
        return ()
    reader = _Reader(document, manifest, questions)
    top = document.mapping(document.value, (), ("schema_version", "overrides"), ("overrides",))
    document.version(top)
    entries = top.get("overrides")
    if "overrides" in top and not isinstance(entries, list):
        document.say(("overrides",), f"must be a list of marks, found {shown(entries)}")
        entries = None
    found = [reader.entry(entry, ("overrides", i)) for i, entry in enumerate(entries or ())]
    document.finish()
    return tuple(override for override in found if override is not None)


@dataclass(slots=True)
class _Reader:
    """Checks the entries of one document."""

    document: Authored
    manifest: Manifest
    questions: Questions
    _seen: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def entry(self, value: Any, way: Way) -> Override | None:
        before = len(self.document.problems)
        keys = self.document.mapping(value, way, _KEYS, ("student", "points", "reason"))
        if not keys:
            return None
        student = self._text(keys, "student", way)
        reason = self._text(keys, "reason", way)
        target, name, most = self._target(keys, way)
        points = self._points(keys, most, way)
        if len(self.document.problems) > before:
            return None
        place = self.document.place(way)
        where = f"{self.document.file}:{place.line}:{place.column}: {spell(way)}"
        first = self._seen.setdefault((student, target, name), where)
        if first != where:
            self.document.say(way, f"sets the same mark as {first}: keep one of them")
        return Override(student, target, name, points, reason, where)

    def _text(self, keys: Mapping[str, Any], key: str, way: Way) -> str:
        value = keys.get(key, "-")
        if not isinstance(value, str):
            hint = ": put it in quotes" if isinstance(value, int | float) else ""
            self.document.say((*way, key), f"must be text, found {shown(value)}{hint}")
            return ""
        if not value.strip():
            self.document.say((*way, key), "must not be empty")
        return " ".join(value.split()) if key == "reason" else value

    def _target(self, keys: Mapping[str, Any], way: Way) -> tuple[str, str, float]:
        """What is set: its kind, its name, and the most points that it can have."""
        named = [target for target in TARGETS if target in keys]
        if len(named) != 1:
            found = ", ".join(named) or "none"
            self.document.say(way, f"one of {', '.join(TARGETS)} must be there, found {found}")
            return "", "", math.inf
        target = named[0]
        if target == "total":
            if keys["total"] is not True:
                found = shown(keys["total"])
                self.document.say((*way, "total"), f"must be true or left out, found {found}")
            return target, "", self.manifest.max_points
        known = self._known(target)
        name = keys[target]
        if not isinstance(name, str) or name not in known:
            kind = "function" if target == "function" else "question"
            hint = nearest(str(name), known)
            self.document.say((*way, target), f"no {kind} {shown(name)}; {hint}")
            return target, "", math.inf
        return target, name, known[name]

    def _known(self, target: str) -> Mapping[str, float]:
        if target == "quiz":
            return self.questions()
        return {function.name: function.points for function in self.manifest.functions}

    def _points(self, keys: Mapping[str, Any], most: float, way: Way) -> float:
        value = keys.get("points", 0)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and 0 <= value <= most:
            return float(value)
        limit = "" if most == math.inf else f" to {most:g}"
        allowed = f"from 0{limit}" if limit else "of 0 or more"
        self.document.say((*way, "points"), f"must be a number {allowed}, found {shown(value)}")
        return 0.0


def lesson_questions() -> Mapping[str, float]:
    """The lesson's quiz: question → points."""
    import quiz

    return {question.id: float(question.points) for question in quiz.load().questions}


__all__ = ["FILE_NAME", "AuthoredError", "Override", "lesson_questions", "load", "parse"]
