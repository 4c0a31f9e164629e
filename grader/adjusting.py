"""From what grading found to what counts: marks set by hand, then the late penalty.

    function and question overrides -> late penalty -> override of the total

An overridden total stands as it is written: lateness takes nothing off it. Keys that are added to
an entry of `results.json`, only where they apply: `penalty` and `overrides`; all other keys keep
their meaning, and points are those that count.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from grader.course_settings import Penalty
from grader.overrides import Override

MOST_LINES = 8  # of a message


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is to be done to one student's entry.

    Attributes:
        overrides: the student's marks set by hand.
        penalty: what lateness costs in this course; None for nothing.
        late_by: how late the hand-in is; None where it is not late or nobody knows how much.
    """

    overrides: tuple[Override, ...] = ()
    penalty: Penalty | None = None
    late_by: timedelta | None = None

    @property
    def percent(self) -> float:
        """How many percent lateness costs."""
        if self.penalty is None or self.late_by is None:
            return 0.0
        return self.penalty.cost(self.late_by)


EmptyQuiz = Callable[[], dict[str, Any]]


def adjusted(
    record: dict[str, Any], adjustment: Adjustment, empty_quiz: EmptyQuiz
) -> dict[str, Any] | None:
    """An entry of the results as it counts.

    Args:
        record: the entry as it was graded; it is left as it is.
        adjustment: what applies to this student.
        empty_quiz: gives the mark of a quiz without answers, for a question that was never
            answered in `answers.yaml`.

    Returns:
        The entry that counts; None where nothing applies, so that the graded one does.
    """
    if not adjustment.overrides and not (adjustment.percent and record["status"] == "graded"):
        return None
    new = copy.deepcopy(record)
    notes: list[dict[str, Any]] = []
    for override in adjustment.overrides:
        if override.target == "function":
            notes.append(_set_function(new, override))
        elif override.target == "quiz":
            notes.append(_set_question(new, override, empty_quiz))
    if adjustment.percent and new["status"] == "graded":
        new["penalty"] = _take_off(new, adjustment)
    for override in adjustment.overrides:
        if override.target == "total":
            notes.append(_note(override, new["points"]))
            new["points"] = override.points
            _forget_penalty(new)
    if notes:
        new["overrides"] = notes
    return new


def by_hand(points: float, most: float, reason: str) -> str:
    """The line of a message that says why a mark stands as it does."""
    return f"  by hand   {points:g} of {most:g} points: {reason}"


def _set_function(record: dict[str, Any], override: Override) -> dict[str, Any]:
    mark = record["functions"].get(override.name)
    graded = mark["points"] if mark else 0.0
    record["points"] = round(record["points"] - graded + override.points, 6)
    if mark is not None:
        mark["points"] = override.points
        line = by_hand(override.points, mark["max_points"], override.reason)
        before = mark["message"].split("\n")[: MOST_LINES - 1] if mark["message"] else []
        mark["message"] = "\n".join([*before, line])
    return _note(override, graded)


def _set_question(
    record: dict[str, Any], override: Override, empty_quiz: EmptyQuiz
) -> dict[str, Any]:
    if record["quiz"] is None or "questions" not in record["quiz"]:
        record["quiz"] = empty_quiz()
    quiz = record["quiz"]
    mark = quiz["questions"][override.name]
    graded = mark["points"]
    mark["points"] = override.points
    mark["unsure"] = False  # a person has decided
    line = f"Set by hand: {override.reason}"
    mark["feedback"] = f"{mark['feedback']} {line}" if mark.get("feedback") else line
    quiz["points"] = round(quiz["points"] - graded + override.points, 6)
    return _note(override, graded)


def _note(override: Override, graded: float) -> dict[str, Any]:
    named = {"function": override.name} if override.target == "function" else {}
    if override.target == "quiz":
        named = {"quiz": override.name}
    return {
        **(named or {"total": True}),
        "points": override.points,
        "graded": graded,
        "reason": override.reason,
    }


def _take_off(record: dict[str, Any], adjustment: Adjustment) -> dict[str, Any]:
    """Take the penalty off the points of the exercises, and off those of the quiz."""
    assert adjustment.late_by is not None
    share = adjustment.percent / 100
    off = round(record["points"] * share, 2)
    record["points"] = round(record["points"] - off, 6)
    quiz_off = 0.0
    if record["quiz"] is not None and "points" in record["quiz"]:
        quiz_off = round(record["quiz"]["points"] * share, 2)
        record["quiz"]["points"] = round(record["quiz"]["points"] - quiz_off, 6)
    return {
        "percent": adjustment.percent,
        "late_seconds": int(adjustment.late_by.total_seconds()),
        "points": off,
        "quiz_points": quiz_off,
    }


def _forget_penalty(record: dict[str, Any]) -> None:
    """Of a total set by hand nothing is taken off; of the quiz it still is."""
    penalty = record.get("penalty")
    if penalty is None:
        return
    penalty["points"] = 0.0
    if not penalty["quiz_points"]:
        del record["penalty"]


def counts(record: dict[str, Any]) -> bool:
    """Whether an entry holds a mark: a fault of the grader is none, unless one was set by hand."""
    return record["status"] != "grader_error" or bool(record.get("overrides"))


def explain(record: dict[str, Any]) -> Sequence[str]:
    """What was done to an entry after grading, in sentences for the student."""
    lines = []
    if penalty := record.get("penalty"):
        off = f"{penalty['points']:g} points"
        if penalty["quiz_points"]:
            off += f" and {penalty['quiz_points']:g} of the quiz"
        lines.append(f"Handed in late: {penalty['percent']:g} % taken off, {off}.")
    for note in record.get("overrides", ()):
        name = note.get("function") or note.get("quiz") or "the total"
        lines.append(
            f"Set by hand: {name}, {note['points']:g} instead of {note['graded']:g} points. "
            f"{note['reason']}"
        )
    return lines
