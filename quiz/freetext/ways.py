"""Ways of saying something, and the sieve that tells which of them a text cannot hold.

Most ways cannot match most texts, for lack of a word. Asking each of them is what marking would
spend its time on, so a sieve asks all ways of a rules file at once, with a bit a way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from quiz.freetext.lexicon import UNKNOWN, UNKNOWN_CODES

_MOST_TEXTS = 512
Span = tuple[int, int]
_Table = dict[str, int]


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    # Compiling all of a rules file takes half a second, and a single answer needs few patterns.
    return re.compile(expression)


@dataclass(frozen=True, slots=True)
class Way:
    """One way of saying something.

    Attributes:
        source: the pattern as it stands in the rules file.
        expression: the same as a regular expression over coded text, one character a token.
        needs: sets of codes, the smallest first; a text without at least one of each cannot match.
        negative: it may hold a word of negation itself ("not a curve").
    """

    source: str
    expression: str
    needs: tuple[frozenset[str], ...]
    negative: bool = False

    @property
    def regex(self) -> re.Pattern[str]:
        """The expression, compiled when it is first needed."""
        return _compiled(self.expression)


class Sieve:
    """Which ways a text may hold, judged by the two rarest kinds of words that each needs."""

    def __init__(self) -> None:
        self._bits = 0
        self._all: list[Way] = []
        self._rarest: _Table = {}
        self._second: _Table = {}
        #: Bits of the ways that have no such need.
        self._any_text = self._any_word = 0
        self.left_of = lru_cache(maxsize=_MOST_TEXTS)(self._left_of)

    def add(self, ways: Iterable[Way]) -> Ways:
        """Ways that are looked for together."""
        first, members = self._bits, tuple(ways)
        self._all += members
        for way in members:
            bit = 1 << self._bits
            self._bits += 1
            rarest, second, *_ = (*way.needs, None, None)
            if rarest is None:
                self._any_text |= bit
            else:
                _note(self._rarest, rarest, bit)
            if second is None:
                self._any_word |= bit
            else:
                _note(self._second, second, bit)
        mask = (1 << self._bits) - (1 << first)
        return Ways(members, first, mask, self)

    def compile_all(self) -> None:
        """Compile every way now, not when first needed: processes that are forked share it then."""
        for way in self._all:
            _compiled(way.expression)

    def _left_of(self, text: str) -> tuple[int, frozenset[str]]:
        """A bit for each way that a text may hold, and the text's codes."""
        codes = frozenset(text)
        rarest, second = self._any_text if text else 0, self._any_word
        # All unknown words are one kind of word.
        kinds = codes - UNKNOWN_CODES
        for code in kinds if len(kinds) == len(codes) else (*kinds, UNKNOWN):
            rarest |= self._rarest.get(code, 0)
            second |= self._second.get(code, 0)
        return rarest & second, codes


def _note(table: _Table, need: frozenset[str], bit: int) -> None:
    for code in need if need.isdisjoint(UNKNOWN_CODES) else (need - UNKNOWN_CODES) | {UNKNOWN}:
        table[code] = table.get(code, 0) | bit


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways that are looked for together, in their order.

    Attributes:
        members: the ways.
        first: the first one's place in the sieve.
        mask: their bits in the sieve.
        sieve: what they go through.
    """

    members: tuple[Way, ...]
    first: int
    mask: int
    sieve: Sieve

    def __bool__(self) -> bool:
        return bool(self.members)

    def may_be_in(self, text: str) -> bool:
        """Whether a text has the words that any of them needs; then so has all that holds it."""
        return bool(self.sieve.left_of(text)[0] & self.mask)

    def in_text(self, text: str) -> Iterator[tuple[Span, bool]]:
        """Where a text holds any of them, and whether that one may hold a word of negation."""
        left, codes = self.sieve.left_of(text)
        left &= self.mask
        return self._search(text, left >> self.first, codes) if left else _NOWHERE

    def _search(self, text: str, left: int, codes: frozenset[str]) -> Iterator[tuple[Span, bool]]:
        lacks = codes.isdisjoint
        while left:
            way = self.members[(left & -left).bit_length() - 1]
            left &= left - 1
            if not any(map(lacks, way.needs[2:])):
                for match in way.regex.finditer(text):
                    yield match.span(), way.negative


_NOWHERE: Iterator[tuple[Span, bool]] = iter(())
