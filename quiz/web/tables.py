"""Everything that a quiz computes from drawn numbers, worked out beforehand.

An exported page has no evaluator of expressions. What may be drawn is a short list, so all results
are put into the page: the texts of placeholders, and in practice the keys and mistakes. A table
holds a value for each combination of the names it depends on, the last name changing fastest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import product
from math import prod
from typing import Any

from quiz.expressions import Scalar, names_in
from quiz.model import AnyQuestion
from quiz.plaintext import maths
from quiz.variants import PLACEHOLDER, show_number, shown_numbers, values_of

MAX_VALUES = 5_000
FIRST_HOLDER = 0xE000
# the same number inside maths, where "-3" is written "−3"
FIRST_IN_MATHS = 0xE400

_MATHS = re.compile('<span class="maths">.*?</span>')
_HOLDER = re.compile("[\ue000-\ue3ff]")


class TooMany(Exception):
    """A table would be larger than a page should hold."""


def table(
    question: AnyQuestion, names: set[str], work: Callable[[Mapping[str, Scalar]], Any]
) -> dict[str, Any]:
    """The results of `work` for all numbers that a question can draw.

    Args:
        question: The question.
        names: The names that it depends on, drawn or shown.
        work: Gives a result for the question's numbers.

    Raises:
        TooMany: There are more than a page should hold.
    """
    needed = _drawn(question, names)
    used = [name for name in question.draw if name in needed]
    lists = [values_of(question.draw[name]) for name in used]
    if prod(map(len, lists)) > MAX_VALUES:
        raise TooMany(question.id)
    rest = {name: values_of(draw)[0] for name, draw in question.draw.items()}
    results = [
        work(shown_numbers(question, rest | dict(zip(used, values, strict=True))))
        for values in product(*lists)
    ]
    return {"names": used, "values": results}


def _drawn(question: AnyQuestion, names: set[str]) -> set[str]:
    """The drawn names behind names that may be computed from others."""
    reached: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting |= names_in(question.show[name]) if name in question.show else set()
    return reached & set(question.draw)


class Holders:
    """Puts one character in the place of each placeholder, and knows what belongs there.

    Attributes:
        question: The question whose numbers are meant.
        tables: By character, the texts to put in its place.
    """

    def __init__(self, question: AnyQuestion) -> None:
        self.question = question
        self.tables: dict[str, dict[str, Any]] = {}
        self._known: dict[tuple[str, str], str] = {}

    def hold(self, text: str) -> str:
        """A text with a character for each placeholder.

        Raises:
            TooMany: A placeholder has more texts than a page should hold.
        """
        return PLACEHOLDER.sub(self._holder, text)

    def _holder(self, match: re.Match[str]) -> str:
        name, spec = match[1], match[2] or ""
        if name not in self.question.draw and name not in self.question.show:
            return match[0]
        if (name, spec) not in self._known:
            holder = chr(FIRST_HOLDER + len(self._known))
            self._known[name, spec] = holder
            self.tables[holder] = table(
                self.question, {name}, lambda numbers: show_number(numbers[name], spec)
            )
        return self._known[name, spec]

    def settled(self, made: Any) -> Any:
        """Anything made of HTML, with numbers that stand in maths written as maths is."""
        if isinstance(made, str):
            return _MATHS.sub(lambda span: _HOLDER.sub(self._in_maths, span[0]), made)
        if isinstance(made, dict):
            return {name: self.settled(value) for name, value in made.items()}
        return [self.settled(value) for value in made] if isinstance(made, list) else made

    def _in_maths(self, match: re.Match[str]) -> str:
        plain = self.tables[match[0]]
        holder = chr(ord(match[0]) - FIRST_HOLDER + FIRST_IN_MATHS)
        self.tables[holder] = {**plain, "values": [maths(text) for text in plain["values"]]}
        return holder
