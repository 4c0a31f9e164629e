"""Prepares an answer for matching: codes it, blanks what doesn't count, finds its topics."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from quiz.freetext import denial, dialogue, scopes, topics
from quiz.freetext.lexicon import BLANK, NUMBER_CODE, PRODUCT_CODE, UNKNOWN, UNKNOWNS
from quiz.freetext.model import Question, Rules
from quiz.freetext.tokens import COLON, HARD, MARKS, OPEN, SOFT, Token, tokenize
from quiz.freetext.ways import Span

_FEWEST_FOR_A_HEAP = 8
_FEWEST_WITHOUT_GLUE = 6
_LEAST_GLUE = 0.15
_FEW_WORDS = 10
_MOST_LONE_WORDS = 5
_MOST_STUTTERS = 4
_SQUARE = 4
_ORDINALS = ("one", "two", "three", "first", "second", "third")
_BREAK = re.escape(SOFT + HARD)


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer prepared for matching.

    Attributes:
        text: as the student wrote it.
        tokens: its words and signs.
        codes: one character a token, with blanks where nothing counts.
        denied: one flag a token: in the reach of a negation.
        refuted: the same, where all the rest of the sentence is denied ("it isn't true that").
        beside: it answers another question.
        parts: per topic, `codes` with all else cut out.
    """

    text: str
    tokens: Sequence[Token]
    codes: str
    denied: Sequence[bool]
    refuted: Sequence[bool]
    beside: bool
    parts: dict[str, str]

    def quote(self, span: Span) -> str:
        """The student's own words behind a match."""
        start, end = span
        return " ".join(self.text[self.tokens[start].start : self.tokens[end - 1].end].split())


def read(rules: Rules, question: Question, text: str) -> Reading:
    """Prepare an answer: code it, blank what doesn't count, find what is denied."""
    tokens = tokenize(text)
    codes = with_products(tokens, rules.lexicon.encode(tokens))
    codes = scopes.without_copies(rules, question.id, tokens, codes)
    codes = scopes.without_revoked(rules, codes)
    codes = scopes.without_asides(rules, codes)
    codes = dialogue.with_headings(rules, question, tokens, text, codes)
    codes = dialogue.with_answers(rules, question, codes)
    codes = scopes.without_corrected(rules, question, codes)
    codes = scopes.without_questions(rules, question, codes)
    codes = scopes.with_void_negators(rules, question, codes)
    refuted = denial.refuted(rules, codes)
    return Reading(
        text=text,
        tokens=tokens,
        codes=codes,
        denied=denial.denied(rules.negation, codes, refuted),
        refuted=refuted,
        beside=topics.is_beside(question, codes),
        parts=topics.parts_about(rules, question, codes),
    )


_SCALES = {"thousand": 1e3, "k": 1e3, "million": 1e6, "mio": 1e6, "billion": 1e9, "bn": 1e9}


def with_products(tokens: Sequence[Token], codes: str) -> str:
    """Give numbers that are the product of others a code of their own: a worked example."""
    if sum(token.text[0].isdigit() for token in tokens) < 1:
        return codes
    values: dict[int, float] = {}
    for place, token in enumerate(tokens):
        if token.text in _SCALES and len(token.text) > 2 and place - 1 not in values:
            values[place] = _SCALES[token.text]
        if token.text[0].isdigit():
            scale = _SCALES.get(tokens[place + 1].text, 1.0) if place + 1 < len(tokens) else 1.0
            values[place] = _value(token.text) * scale
    written = list(codes)
    factors = [(place, v) for place, v in values.items() if v >= 2 or 0 < v < 1][:12]
    factors += [(-1, value) for _, value in factors if value >= 10]
    for (i, a), (j, b) in itertools.combinations(factors, 2):
        for place, value in values.items():
            # A number said twice is seldom squared.
            known = place in (i, j) or (a == b and j - i > _SQUARE)
            if not known and abs(value - a * b) <= 0.01 * a * b:
                written[place] = PRODUCT_CODE
    whole = math.prod(value for _, value in factors[: len(values)])
    for place, value in values.items():
        if len(values) > 3 and value > 20 and whole == value * value:
            written[place] = PRODUCT_CODE
    return "".join(written)


def _value(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _stutters(rules: Rules, words: Sequence[str]) -> bool:
    """Words said over and over: "sum sum sum bend bend". Letters repeat in formulas, too."""
    again = [a for a, b in itertools.pairwise(words) if a == b]
    if len(again) < _MOST_STUTTERS:
        return False
    signs = rules.lexicon.letters | {NUMBER_CODE, PRODUCT_CODE}
    return sum(code not in signs for code in again) >= _MOST_STUTTERS


def _silent(rules: Rules) -> frozenset[str]:
    """What stands alone without being a keyword: arguments, arrows, numbers, ordinals."""
    signs = rules.pointers.union((NUMBER_CODE, PRODUCT_CODE, *rules.lexicon.digits))
    ordinals = frozenset(map(rules.lexicon.code, _ORDINALS)) - {UNKNOWN}
    return signs | ordinals | rules.lexicon.letters - {UNKNOWN}


def is_heap(rules: Rules, codes: str) -> bool:
    """A heap of keywords: many words that rules know, hardly one that says what is done."""
    words = [
        code
        for code in codes
        if code not in MARKS and code != BLANK and code not in rules.operators
    ]
    known = [
        code for code in words if code not in (NUMBER_CODE, PRODUCT_CODE) and code < UNKNOWNS[1]
    ]
    if _stutters(rules, words):
        return True
    # What doesn't count is no keyword.
    parts = [part for part in re.split(f"[{_BREAK}]", codes) if part.strip(BLANK)]
    lone = [part for part in parts if len(part) - (part[0] in rules.articles) == 1]
    # A long text may name a few things with a word each.
    most = max(_MOST_LONE_WORDS, len(words) / 7)
    if len(lone) >= most and sum(part[-1] not in _silent(rules) for part in lone) >= most:
        return True
    # "Input: raw numbers" says something of the input, as a verb would, and so does f(x).
    glue = sum(code in rules.glue for code in words) + codes.count(COLON) + codes.count(OPEN)
    formulas = len(rules.formula.findall(codes))
    numbers = sum(code in rules.glue and code in (NUMBER_CODE, PRODUCT_CODE) for code in words)
    if len(parts) == 1 and glue == numbers and formulas <= 1 and len(known) >= _FEWEST_FOR_A_HEAP:
        # "product RAM 16 bit GB FLOPs": numbers join nothing, nor does the product in "7B".
        return True
    glue += formulas
    if len(known) < _FEWEST_FOR_A_HEAP:
        return len(parts) == 1 and glue == 0 and len(known) >= _FEWEST_WITHOUT_GLUE
    if len(words) <= _FEW_WORDS and glue and len(parts) > 1:
        return False
    return glue < _LEAST_GLUE * len(words)
