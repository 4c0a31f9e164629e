"""What a student is told about a function: plain sentences, at most eight lines, no traceback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.cases import Call
from grader.marks import Detail
from grader.sandbox import Outcome, Problem, Raised
from grader.suite import Failure
from grader.verdict import Verdict
from nnv.manifest import Function
from nnv.wording import (
    TEXT_WIDTH,
    VALUE_WIDTH,
    assemble,
    clip,
    raised_line,
    show,
    show_call,
    value_lines,
    visible,
)

NEEDS_VALUES = "counts only where the function also gets its values right"
TIME = "took too long: a test may use 5 s of computing and 10 s in all"
MEMORY = "needed more than 1 GiB of memory"
CRASHED = "ended the whole Python process, so that nothing came back"
LATE = "not run: the time of this submission, 60 s, was used up before"
MOST_NUMBERS = 144


@dataclass(frozen=True, slots=True)
class Words:
    """Words for the marks of one function of one submission.

    Attributes:
        function: its entry in the manifest, with the hint.
        parameters: the names of its parameters, in order.
        problem: what went wrong while its module was loaded, or None.
        carried: the functions that were replaced; with any of them, what came back is not shown.
        coarse: those of them that are right as far as `float32` goes, and no further.
    """

    function: Function
    parameters: Sequence[str]
    problem: str | None
    carried: Sequence[str]
    coarse: frozenset[str] = frozenset()

    def of_function(self, verdict: Verdict, failure: Failure | None) -> str | None:
        """The message of the whole function."""
        if verdict is Verdict.PASSED and self.carried:
            return f"right in itself: it failed only through {self._helpers()}"
        return self._message(verdict, failure, self.function.hint)

    def of_test(self, verdict: Verdict, failure: Failure | None) -> str | None:
        """The message of one hidden test, without the hint."""
        return self._message(verdict, failure, None)

    def _helpers(self) -> str:
        names = " and ".join(self.carried)
        several = len(self.carried) > 1
        if self.coarse.issuperset(self.carried):
            return f"{names}, which {'give' if several else 'gives'} only float32 numbers"
        return f"{names}, which {'are' if several else 'is'} wrong"

    def _message(self, verdict: Verdict, failure: Failure | None, hint: str | None) -> str | None:
        if verdict is Verdict.PASSED:
            return None
        if verdict is Verdict.MISSING:
            return self._missing()
        if verdict is Verdict.NOT_RUN:
            return "not run: an earlier test of this function took too long"
        if failure is None:
            reasons = {Verdict.TIMEOUT: LATE, Verdict.MEMORY: MEMORY, Verdict.CRASHED: CRASHED}
            return f"{self.function.name}: {reasons.get(verdict, verdict.value)}"
        if _not_written(failure.outcome):
            return f"{self.function.name} is not written yet.\n  next      {self.function.next}"
        lines = self._lines(verdict, failure)
        return assemble(self._call(failure.call), lines, hint)

    def _missing(self) -> str:
        where = f"{self.function.module}.py" if self.function.module else "the hand-in"
        text = f"There is no function {self.function.name} (it belongs in {where})."
        return f"{text}\n  {self.problem}" if self.problem else text

    def _call(self, call: Call) -> str:
        return show_call(self.function.name, call.args, call.kwargs, self.parameters)

    def _lines(self, verdict: Verdict, failure: Failure) -> list[str]:
        reasons = {Verdict.TIMEOUT: TIME, Verdict.MEMORY: MEMORY, Verdict.CRASHED: CRASHED}
        if verdict in reasons:
            return [f"  {reasons[verdict]}", *_expected(failure.due)]
        if self.carried:
            helpers = ", ".join(self.carried)
            return [f"  is wrong, also with a right {helpers} in place", *_expected(failure.due)]
        if isinstance(failure.outcome, Raised):
            outcome = failure.outcome
            raised = raised_line(outcome.type, outcome.message, _file(outcome.where), outcome.line)
            return [raised, *_expected(failure.due)]
        if failure.outcome is None or failure.difference is None:
            return _expected(failure.due)
        value, found = failure.outcome.value, failure.difference
        if failure.due is None or isinstance(failure.due, Raised):
            gave = f"  gave      {clip(show(value), VALUE_WIDTH)}"
            if isinstance(failure.due, Raised):
                return [gave, *_expected(failure.due)]
            return [gave, f"  wrong     {visible(found.text)}"]
        if failure.outcome.changed and "changed" in found.text:
            return [f"  {found.text}"]
        return value_lines(value, failure.due.value, found)

    def detail(self, failure: Failure | None) -> Detail | None:
        """Take the failing call apart for the pages; None where there is none."""
        if failure is None:
            return None
        call = failure.call
        names = [*self.parameters, *(f"argument {i + 1}" for i in range(len(call.args)))]
        arguments = [(names[i], plain(arg)) for i, arg in enumerate(call.args)]
        arguments += [(name, plain(value)) for name, value in call.kwargs.items()]
        shows = failure.outcome is not None and not self.carried
        return Detail(
            arguments=tuple(arguments),
            gave=_side(failure.outcome) if shows else None,
            due=_side(failure.due),
            where=failure.difference.where if failure.difference and shows else None,
        )


def of_problem(problem: Problem) -> str:
    """One line on why a module or a cell did not load whole, and where."""
    at = f", line {problem.line}" if problem.line else ""
    ended = problem.kind in {"timeout", "memory", "crashed"}
    text = problem.message if ended else f"{problem.kind}: {problem.message}"
    where = _file(problem.where) or "the hand-in"
    return visible(clip(f"{where}{at}: {' '.join(text.split())}", TEXT_WIDTH))


def _file(where: str | None) -> str | None:
    """The module's file, as the student knows it; a notebook's cell as it is."""
    return f"{where}.py" if where and where.isidentifier() else where


def _not_written(outcome: Outcome | None) -> bool:
    return isinstance(outcome, Raised) and outcome.type == "NotImplementedError"


def _expected(due: Outcome | None) -> list[str]:
    if due is None:
        return []
    if isinstance(due, Raised):
        return ["  expected  ValueError, since this input makes no sense"]
    return [f"  expected  {clip(show(due.value), VALUE_WIDTH)}"]


def _side(outcome: Outcome | None) -> Any:
    if outcome is None:
        return None
    if isinstance(outcome, Raised):
        return {"raised": visible(outcome.type), "message": clip(visible(outcome.message), 200)}
    return {"value": plain(outcome.value)}


def plain(value: object) -> Any:
    """A value as rounded JSON data: numbers, nested lists, or its text where it is large or odd."""
    if isinstance(value, np.ndarray):
        value = value[()] if value.ndim == 0 else value.tolist()
    if isinstance(value, (list, tuple)):
        if _count(value) > MOST_NUMBERS:
            return {"text": clip(show(value), VALUE_WIDTH)}
        return [plain(item) for item in value]
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return float(f"{number:.10g}") if np.isfinite(number) else {"text": str(number)}
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return int(value) if abs(int(value)) < 2**53 else {"text": show(value)}
    if value is None or isinstance(value, bool):
        return value
    return {"text": clip(show(value), VALUE_WIDTH)}


def _count(value: object) -> int:
    if isinstance(value, (list, tuple)):
        return sum(map(_count, value))
    return 1
