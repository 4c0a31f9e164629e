"""Marks: the outcome of the functions of one submission, as the results hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Misconceived:
    """A misconception that gives just what the student's function gives.

    Attributes:
        id: its name in the results, such as ``forgets-bias``.
        text: what the student is told: "behaves like a layer that forgets the bias".
    """

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Detail:
    """A failing call, taken apart for the pages; plain JSON data, numbers rounded.

    Attributes:
        arguments: the arguments' names and values.
        gave: what came back, or None where nothing did or it must not be shown.
        due: what the reference gives, or None.
        where: index of the first entry that differs, or None.
    """

    arguments: tuple[tuple[str, Any], ...]
    gave: Any
    due: Any
    where: tuple[int, ...] | None

    def as_json(self) -> dict[str, Any]:
        """The detail as it is stored."""
        return {
            "arguments": [list(pair) for pair in self.arguments],
            "gave": self.gave,
            "due": self.due,
            "where": list(self.where) if self.where else None,
        }


@dataclass(frozen=True, slots=True)
class TestMark:
    """The outcome of one hidden test."""

    name: str
    points: float
    max_points: float
    verdict: Verdict
    message: str | None

    def as_json(self) -> dict[str, Any]:
        """The mark as the results hold it."""
        return {
            "name": self.name,
            "points": self.points,
            "max_points": self.max_points,
            "verdict": self.verdict.value,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class FunctionMark:
    """The outcome of one function: points, verdict, message, misconception.

    Attributes:
        name: the function.
        points: what it earned.
        max_points: what it is worth.
        verdict: `Verdict.PASSED` only where every hidden test passed.
        carried_forward: the functions that were replaced by their references.
        misconception: the named wrong version with the same outputs, if there is one.
        message: what to tell the student, at most eight lines; None where all is well.
        detail: the failing call for the pages.
        tests: the marks of its hidden tests.
    """

    name: str
    points: float
    max_points: float
    verdict: Verdict
    carried_forward: tuple[str, ...]
    misconception: Misconceived | None
    message: str | None
    detail: Detail | None
    tests: tuple[TestMark, ...]

    def as_json(self) -> dict[str, Any]:
        """The mark as the results hold it."""
        named = self.misconception
        return {
            "points": self.points,
            "max_points": self.max_points,
            "verdict": self.verdict.value,
            "carried_forward": list(self.carried_forward),
            "misconception": {"id": named.id, "text": named.text} if named else None,
            "message": self.message,
            "tests": [test.as_json() for test in self.tests],
        }


@dataclass(frozen=True, slots=True)
class SubmissionMarks:
    """The marks of one submission, and what its code printed (for the instructor)."""

    functions: Mapping[str, FunctionMark]
    printed: str

    @property
    def points(self) -> float:
        """The sum of the functions' points."""
        return sum(mark.points for mark in self.functions.values())
