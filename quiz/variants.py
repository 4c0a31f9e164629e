"""Numbers and orders of each student's own, the same on every machine and Python.

Everything is drawn from SHA-256 of the student's id, the question's id and what is drawn, so that
the grader can draw it again from nothing but the roster's id. Python's own `random` gives no such
promise between versions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import TypeVar

from quiz.expressions import Scalar, evaluate
from quiz.model import Draw, Question, Span

Element = TypeVar("Element")
Numbers = dict[str, Scalar]

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*(?::([^{}]{0,12}))?\}\}")
_FORMAT = re.compile(r",?(?:\.[0-9])?[fgde]?\Z")


def same_student(one: str, other: str) -> bool:
    """Whether two ids mean one student: case, outer spaces and coding of accents do not count."""
    return plain_id(one) == plain_id(other)


@lru_cache(maxsize=1024)
def plain_id(student: str) -> str:
    """A student's id as seeds use it."""
    return unicodedata.normalize("NFC", student).strip().casefold()


def _stream(*parts: str) -> Iterator[int]:
    """Endless numbers below 2**64 from a seed made of texts."""
    seed = sha256("\0".join(("nnv-variant-1", *parts)).encode("utf-8", "surrogatepass")).digest()
    counter = 0
    while True:
        block = sha256(seed + counter.to_bytes(8, "big")).digest()
        yield from (int.from_bytes(block[i : i + 8], "big") for i in range(0, 32, 8))
        counter += 1


def values_of(draw: Draw) -> Sequence[Scalar]:
    """Everything that may be drawn, in the file's order."""
    if not isinstance(draw, Span):
        return draw
    steps = int((draw.last - draw.first) / draw.step + 1e-9)
    values = [draw.first + position * draw.step for position in range(steps + 1)]
    return [round(value, 12) if isinstance(value, float) else value for value in values]


def draw_numbers(question: Question, student: str, again: str = "") -> Numbers:
    """The numbers that a student sees in a question.

    Args:
        question: The question.
        student: The student's id.
        again: Anything that makes another drawing of it, such as the round of a practice.

    Returns:
        Each drawn name with its value, without those that are only shown.
    """
    drawn: Numbers = {}
    for name, draw in question.draw.items():
        values = values_of(draw)
        number = next(_stream(plain_id(student), question.id, name, again))
        drawn[name] = values[number % len(values)]
    return drawn


def could_be_drawn(question: Question, numbers: Mapping[str, Scalar]) -> bool:
    """Whether a question may have shown these numbers to anybody."""
    return set(numbers) == set(question.draw) and all(
        numbers[name] in values_of(draw) for name, draw in question.draw.items()
    )


def shown_numbers(question: Question, drawn: Mapping[str, Scalar]) -> Numbers:
    """The drawn numbers with those that are computed from them for the text.

    Raises:
        ExpressionError: An expression under `show` cannot be evaluated.
    """
    numbers = dict(drawn)
    for name, expression in question.show.items():
        numbers[name] = evaluate(expression, numbers)
    return numbers


def placeholders(text: str) -> frozenset[str]:
    """The names that a text wants to show."""
    return frozenset(match[1] for match in PLACEHOLDER.finditer(text))


def bad_formats(text: str) -> list[str]:
    """Formats behind a colon that are not allowed, such as `{{n:>99}}`."""
    return [match[0] for match in PLACEHOLDER.finditer(text) if not _FORMAT.match(match[2] or "")]


def filled(text: str, numbers: Mapping[str, Scalar]) -> str:
    """A text with its numbers put in; unknown names stay as they are."""

    def put(match: re.Match[str]) -> str:
        name, spec = match[1], match[2]
        if name not in numbers:
            return match[0]
        return show_number(numbers[name], spec or "")

    return PLACEHOLDER.sub(put, text) if "{{" in text else text


def show_number(value: Scalar, spec: str = "") -> str:
    """A number as a text shows it: thousands apart, no needless digits."""
    if isinstance(value, str):
        return value
    if spec and _FORMAT.match(spec):
        return format(float(value) if spec[-1] in "fge" else value, spec)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.6g}" if 1e-4 <= abs(value) < 1e15 else f"{value:g}"


def shuffled(elements: Sequence[Element], *seed: str) -> list[Element]:
    """The elements in an order that the seed alone decides (Fisher and Yates)."""
    order = list(elements)
    stream = _stream("order", *seed)
    for last in range(len(order) - 1, 0, -1):
        other = next(stream) % (last + 1)
        order[last], order[other] = order[other], order[last]
    return order
