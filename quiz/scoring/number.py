"""Marking a number: the key, its tolerance, and mistakes known by the number they lead to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

from quiz.check import tolerance_of
from quiz.expressions import ExpressionError, Scalar, evaluate
from quiz.model import Mistake, Numeric
from quiz.numbers import NumberError, Reading, read_number
from quiz.scoring.outcome import Score
from quiz.variants import filled, show_number

# a key that was computed with floating point is off in its last digits
ROUNDING = Fraction(1, 10**12)


def numeric(question: Numeric, answer: Any, numbers: Mapping[str, Scalar]) -> Score:
    """Mark a number.

    Right is what lies within the tolerance of the key. Where the tolerance covers a mistake too,
    the digits that were typed decide: 16,777,216 is the product without the biases, 16.8M is the
    rounded key.
    """
    if not isinstance(answer, str | int | float):
        return Score(0.0, "Answer with a number.")
    try:
        reading = read_number(str(answer), question.unit)
    except NumberError as error:
        return Score(0.0, f"The answer could not be read as a number: {error}.")
    try:
        return _judged(question, reading, numbers)
    except ExpressionError as error:
        return Score(
            0.0, f"The key of this question could not be worked out: {error}.", unsure=True
        )


@dataclass(frozen=True, slots=True)
class _Target:
    """A number that an answer may agree with: the key or a mistake.

    Attributes:
        value: The number.
        least: The smallest answer that may be it.
        most: The largest.
        rough: The same two as floats, and a little beyond.
        rounding: How far off the number itself may be.
        mistake: The mistake that leads to it; None of the key.
    """

    value: Fraction
    least: Fraction
    most: Fraction
    rough: tuple[float, float]
    rounding: Fraction
    mistake: Mistake | None = None

    def near(self, reading: Reading, rough: float) -> bool:
        """Whether the answer is this number, as far as the question wants to know it.

        Args:
            reading: The answer.
            rough: The answer as a float, which settles it at once where it is far away.
        """
        if not self.rough[0] <= rough <= self.rough[1]:
            return False
        return self.least <= reading.value <= self.most

    def as_typed(self, reading: Reading) -> bool:
        """Whether the answer is this number, rounded to the digits that were typed."""
        return abs(reading.value - self.value) <= max(reading.half, self.rounding)


def _judged(question: Numeric, reading: Reading, numbers: Mapping[str, Scalar]) -> Score:
    key, mistakes = _targets(
        0 if question.answer is None else question.answer,
        question.tolerance,
        question.mistakes,
        tuple(numbers.items()),
    )
    rough = _float(reading.value)
    near = key.near(reading, rough)
    if near and key.as_typed(reading):
        return Score(1.0, "Right.")
    made = [mistake for mistake in mistakes if mistake.near(reading, rough)]
    nearest = min(made, key=lambda target: abs(reading.value - target.value), default=None)
    if nearest is not None and (not near or nearest.as_typed(reading)):
        mistake = cast(Mistake, nearest.mistake)
        return Score(0.0, filled(mistake.feedback, numbers), mistake.id)
    if near:
        return Score(1.0, "Right.")
    return Score(0.0, f"That is not it: {_how_far(reading.value, key.value)}.")


@lru_cache(maxsize=65_536)
def _targets(
    answer: Scalar,
    tolerance: float | str | None,
    mistakes: tuple[Mistake, ...],
    numbers: tuple[tuple[str, Scalar], ...],
) -> tuple[_Target, tuple[_Target, ...]]:
    """The key and the mistakes that differ from it, worked out once a variant."""
    names = dict(numbers)

    def target(expression: Scalar, mistake: Mistake | None = None) -> _Target:
        value = Fraction(evaluate(expression, names))
        reach = allowance(tolerance, value)
        slack = 1e-9 * abs(_float(abs(value) + reach))
        rough = (-math.inf, math.inf)
        if math.isfinite(slack):
            rough = (float(value - reach) - slack, float(value + reach) + slack)
        rounding = ROUNDING * abs(value)
        return _Target(value, value - reach, value + reach, rough, rounding, mistake)

    key = target(answer)
    made = (target(mistake.value, mistake) for mistake in mistakes)
    return key, tuple(mistake for mistake in made if mistake.value != key.value)


def _float(value: Fraction) -> float:
    """A fraction as a float; infinite where it is too large for one."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def allowance(tolerance: float | str | None, key: Fraction) -> Fraction:
    """How far from a number is still that number, in the question's unit."""
    amount, relative = tolerance_of(tolerance)
    # tolerances are written in decimals, and mean them
    share = Fraction(str(amount))
    return max(share * abs(key) if relative else share, ROUNDING * abs(key))


def _how_far(value: Fraction, key: Fraction) -> str:
    """A hint at the size of the error that does not give the key away."""
    if key == 0 or value == 0 or (value < 0) != (key < 0):
        return "work it through again step by step"
    exact = value / key
    if not Fraction(1, 10**6) < exact < 10**6:
        return "it is far too large" if exact > 1 else "it is far too small"
    ratio = float(exact)
    for power in (1000, 1024, 8, 2):
        for name, of in (("large", ratio), ("small", 1 / ratio)):
            if abs(of / power - 1) <= 0.005:
                return f"it is {show_number(power)} times too {name}"
    return "it is too large" if ratio > 1 else "it is too small"
