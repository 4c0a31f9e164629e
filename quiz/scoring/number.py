"""Marking a number: the key, its tolerance, and mistakes known by the number they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

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


def _judged(question: Numeric, reading: Reading, numbers: Mapping[str, Scalar]) -> Score:
    key = Fraction(evaluate(question.answer if question.answer is not None else 0, numbers))
    within = abs(reading.value - key) <= allowance(question, key)
    mistake = None if _as_typed(reading, key) else _mistake(question, reading, numbers, key)
    if mistake is not None and not (within and not _exactly(question, mistake, reading, numbers)):
        return Score(0.0, filled(mistake.feedback, numbers), mistake.id)
    if within:
        return Score(1.0, "Right.")
    return Score(0.0, f"That is not it: {_how_far(reading.value, key)}.")


def allowance(question: Numeric, key: Fraction) -> Fraction:
    """How far from the key is still right, in the question's unit."""
    amount, relative = tolerance_of(question)
    # tolerances are written in decimals, and mean them
    share = Fraction(str(amount))
    return max(share * abs(key) if relative else share, ROUNDING * abs(key))


def _as_typed(reading: Reading, target: Fraction) -> bool:
    return abs(reading.value - target) <= max(reading.half, ROUNDING * abs(target))


def _mistake(
    question: Numeric, reading: Reading, numbers: Mapping[str, Scalar], key: Fraction
) -> Mistake | None:
    """The mistake whose number was given; the nearest one where several are in reach."""
    found: list[tuple[Fraction, Mistake]] = []
    for mistake in question.mistakes:
        value = Fraction(evaluate(mistake.value, numbers))
        distance = abs(reading.value - value)
        if value != key and distance <= allowance(question, value):
            found.append((distance, mistake))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _exactly(
    question: Numeric, mistake: Mistake, reading: Reading, numbers: Mapping[str, Scalar]
) -> bool:
    return _as_typed(reading, Fraction(evaluate(mistake.value, numbers)))


def _how_far(value: Fraction, key: Fraction) -> str:
    """A hint at the size of the error that does not give the key away."""
    if key == 0 or value == 0 or (value < 0) != (key < 0):
        return "work it through again step by step"
    ratio = value / key
    for power in (1000, 1024, 8, 2):
        for name, of in (("too large", ratio), ("too small", 1 / ratio)):
            if abs(of - power) <= Fraction(power, 200):
                return f"it is {show_number(power)} times {name}"
    return "it is too large" if ratio > 1 else "it is too small"
