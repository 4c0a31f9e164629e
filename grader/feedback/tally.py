"""What a class did, counted: points, functions, misconceptions, quiz items."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

import numpy as np

from grader.feedback.student import state
from nnv.manifest import Manifest

FEWEST_FOR_DISCRIMINATION = 5


@dataclass(frozen=True, slots=True)
class FunctionTally:
    """How a function went: how many students have it right, in part, or wrong."""

    name: str
    right: int
    part: int
    wrong: int
    missing: int
    carried: int

    @property
    def total(self) -> int:
        """The graded students."""
        return self.right + self.part + self.wrong

    @property
    def share(self) -> float:
        """The share of students who have it right, from 0 to 1."""
        return self.right / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class MisconceptionTally:
    """A misconception and who has it."""

    function: str
    id: str
    text: str
    students: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its name on the page."""
        return f"{self.function}:{self.id}"


@dataclass(frozen=True, slots=True)
class ItemTally:
    """A quiz question.

    Attributes:
        answered: how many answer files were marked.
        difficulty: the mean share of its points, from 0 (nobody) to 1 (everybody).
        discrimination: correlation of its points with those of the rest of the quiz; None where
            there are too few answers, or all are the same.
        unsure: how many answers wait for the instructor.
    """

    id: str
    answered: int
    difficulty: float
    discrimination: float | None
    unsure: int


@dataclass(frozen=True, slots=True)
class ClassTally:
    """The class in numbers."""

    students: int
    graded: int
    late: int
    perfect: int
    mean: float | None
    middle: float | None
    functions: tuple[FunctionTally, ...]
    misconceptions: tuple[MisconceptionTally, ...]
    items: tuple[ItemTally, ...]
    not_graded: tuple[dict[str, Any], ...]


def tally(records: Sequence[dict[str, Any]], manifest: Manifest) -> ClassTally:
    """Count a class.

    Args:
        records: the submissions' entries in ``results.json``.
        manifest: the functions, in order.
    """
    graded = [record for record in records if record["status"] == "graded"]
    points = [record["points"] for record in graded]
    return ClassTally(
        students=len(records),
        graded=len(graded),
        late=sum(record["late"] for record in records),
        perfect=sum(record["points"] >= record["max_points"] for record in graded),
        mean=fmean(points) if points else None,
        middle=median(points) if points else None,
        functions=tuple(_function(name, graded) for name in manifest.names),
        misconceptions=_misconceptions(graded),
        items=_items(graded),
        not_graded=tuple(record for record in records if record["status"] != "graded"),
    )


def _function(name: str, graded: Sequence[dict[str, Any]]) -> FunctionTally:
    marks = [r["functions"][name] for r in graded if name in r["functions"]]
    states = Counter(map(state, marks))
    return FunctionTally(
        name=name,
        right=states["right"],
        part=states["part"],
        wrong=states["wrong"],
        missing=sum(mark["verdict"] == "missing" for mark in marks),
        carried=sum(bool(mark["carried_forward"]) for mark in marks),
    )


def _misconceptions(graded: Sequence[dict[str, Any]]) -> tuple[MisconceptionTally, ...]:
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for record in graded:
        for name, mark in record["functions"].items():
            if mark["misconception"]:
                named = mark["misconception"]
                found[name, named["id"], named["text"]].append(record["student"])
    ordered = sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return tuple(MisconceptionTally(*key, tuple(students)) for key, students in ordered)


def _items(graded: Sequence[dict[str, Any]]) -> tuple[ItemTally, ...]:
    quizzes = [r["quiz"]["questions"] for r in graded if r["quiz"] and "questions" in r["quiz"]]
    ids = dict.fromkeys(name for quiz in quizzes for name in quiz)
    sums = [sum(mark["points"] for mark in quiz.values()) for quiz in quizzes]
    return tuple(_item(name, quizzes, sums) for name in ids)


def _item(name: str, quizzes: Sequence[dict[str, Any]], sums: Sequence[float]) -> ItemTally:
    marked = [(q[name], total) for q, total in zip(quizzes, sums, strict=True) if name in q]
    points = np.array([mark["points"] for mark, _ in marked], dtype=float)
    rest = np.array([total for _, total in marked], dtype=float) - points
    most = sum(mark["max_points"] for mark, _ in marked)
    return ItemTally(
        id=name,
        answered=len(marked),
        difficulty=float(points.sum() / most) if most else 0.0,
        discrimination=_correlation(points, rest),
        unsure=sum(bool(mark.get("unsure")) for mark, _ in marked),
    )


def _correlation(one: Any, other: Any) -> float | None:
    if len(one) < FEWEST_FOR_DISCRIMINATION or not one.std() or not other.std():
        return None
    return float(np.corrcoef(one, other)[0, 1])
