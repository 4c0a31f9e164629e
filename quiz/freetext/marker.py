"""Marks one free text: which concepts it says, which it takes back, and why."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from quiz.freetext import scopes
from quiz.freetext.explain import NOTHING, Finding, explain
from quiz.freetext.lexicon import BLANK, NUMBER_CODE, PRODUCT_CODE, UNKNOWNS
from quiz.freetext.model import Concept, FreeTextMark, Question, Way
from quiz.freetext.rules import Rules
from quiz.freetext.tokens import COLON, HARD, MARKS, OPEN, SOFT, Token, tokenize

MOST_CHARACTERS = 4000
_FEWEST_FOR_A_HEAP = 8
_LEAST_GLUE = 0.15
_MOST_LONE_WORDS = 5
_BREAK = re.escape(SOFT + HARD)


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer prepared for matching.

    Attributes:
        text: as the student wrote it.
        tokens: its words and signs.
        codes: one character a token, with blanks where nothing counts.
        denied: one flag a token: in the reach of a negation.
        parts: per topic, `codes` with all else cut out.
    """

    text: str
    tokens: Sequence[Token]
    codes: str
    denied: Sequence[bool]
    parts: dict[str, str]

    def quote(self, span: scopes.Span) -> str:
        """The student's own words behind a match."""
        start, end = span
        return " ".join(self.text[self.tokens[start].start : self.tokens[end - 1].end].split())


def mark(rules: Rules, question_id: str, text: str) -> FreeTextMark:
    """Mark one free text.

    Args:
        rules: from `load_rules`.
        question_id: a question of the rules.
        text: the student's answer; what is beyond 4,000 characters is not read.

    Raises:
        KeyError: where the rules hold no such question.
    """
    if question_id not in rules.questions:
        known = ", ".join(rules.questions)
        raise KeyError(f"no free-text question {question_id!r} in the rules, there are: {known}")
    question = rules.questions[question_id]
    reading = read(rules, question, text[:MOST_CHARACTERS])
    heap = is_heap(rules, reading.codes)
    findings = {concept.id: NOTHING if heap else find(rules, reading, concept) for concept in question.concepts}
    findings |= dict(guesses(question, findings))
    doubts = tuple(
        f"{concept.id}: “{findings[concept.id].said}” may or may not say it ({concept.means})"
        for concept in question.concepts
        if findings[concept.id].doubtful
    )
    return FreeTextMark(
        concepts={name: finding.earned for name, finding in findings.items()},
        unsure=bool(doubts),
        doubts=doubts,
        explanation=explain(question, findings, heap=heap),
    )


def guesses(question: Question, findings: Mapping[str, Finding]) -> Iterator[tuple[str, Finding]]:
    """Doubtful findings whose best guess is yes, because the concept they come with is there."""
    for concept in question.concepts:
        finding, other = findings[concept.id], findings.get(concept.guess_with or "", NOTHING)
        if finding.doubtful and other.earned and not other.doubtful:
            yield concept.id, replace(finding, earned=True)


def read(rules: Rules, question: Question, text: str) -> Reading:
    """Prepare an answer: code it, blank what doesn't count, find what is denied."""
    tokens = tokenize(text)
    codes = with_products(tokens, rules.lexicon.encode(tokens))
    codes = scopes.without_copies(rules, question.id, tokens, codes)
    codes = scopes.without_requests(rules, codes)
    codes = scopes.without_corrected(rules, codes)
    codes = scopes.without_questions(rules, codes)
    codes = scopes.with_void_negators(rules, codes)
    return Reading(
        text=text,
        tokens=tokens,
        codes=codes,
        denied=scopes.denied(rules.negation, codes),
        parts=scopes.parts_about(rules, question, codes),
    )


_SCALES = {"thousand": 1e3, "k": 1e3, "million": 1e6, "mio": 1e6, "billion": 1e9, "bn": 1e9}


def with_products(tokens: Sequence[Token], codes: str) -> str:
    """Give numbers that are the product of two others in the text a code of their own: a worked example."""
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
    factors = [(place, value) for place, value in values.items() if value >= 2][:12]
    factors += [(-1, value) for _, value in factors if value >= 10]
    for (i, a), (j, b) in itertools.combinations(factors, 2):
        for place, value in values.items():
            if place not in (i, j) and abs(value - a * b) <= 0.01 * a * b:
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


def is_heap(rules: Rules, codes: str) -> bool:
    """A heap of keywords: many words that rules know, hardly one that says what is done with them."""
    words = [code for code in codes if code not in MARKS and code != BLANK and code not in rules.operators]
    known = [code for code in words if code not in (NUMBER_CODE, PRODUCT_CODE) and code < UNKNOWNS[1]]
    parts = [part for part in re.split(f"[{_BREAK}]", codes) if part]
    if sum(len(part) - (part[0] in rules.articles) == 1 for part in parts) >= _MOST_LONE_WORDS:
        return True
    if len(known) < _FEWEST_FOR_A_HEAP:
        return False
    # "Input: raw numbers" says something of the input, as a verb would, and so does f(x).
    glue = sum(code in rules.glue for code in words) + codes.count(COLON) + codes.count(OPEN)
    glue += len(rules.formula.findall(codes))
    return glue < _LEAST_GLUE * len(words)


def find(rules: Rules, reading: Reading, concept: Concept) -> Finding:
    """Look for a concept's ways of being said and of being denied."""
    unless = list(scopes.spans(concept.unless, reading.codes))
    about = reading.parts.get(concept.topic or "", "")
    said, refused = _first(rules, reading, concept.says, reading.codes, unless)
    if said is None and about:
        said, refused_about = _first(rules, reading, concept.says_about, about, unless)
        refused = refused or refused_about
    if said is None:
        either = _first(rules, reading, concept.either_way, reading.codes, unless)
        said = either[0] or either[1]
        refused = None if said else refused
    refused = None if concept.own_denials else refused
    sure = said is not None
    named = not concept.topic or about != reading.codes
    plausible = named and next(scopes.spans(concept.not_perhaps, about or reading.codes), None) is None
    if not sure and plausible:
        said, _ = _first(rules, reading, concept.perhaps, about or reading.codes, unless)
    denial = refused or _first(rules, reading, concept.denies, reading.codes, ())[0]
    denial = denial or _first(rules, reading, concept.denies_about, about, ())[0]
    denial = denial or (scopes.contradicted(rules, reading.codes, reading.denied, said) if said else None)
    earned = said is not None and denial is None
    hint = None
    if said is None and denial is None and plausible:
        hint, _ = _first(rules, reading, concept.perhaps_not, about or reading.codes, unless)
    return Finding(
        earned=earned,
        doubtful=(earned and not sure) or hint is not None,
        said=reading.quote(said or hint) if said or hint else None,
        denied=reading.quote(denial) if denial else None,
    )


def _first(
    rules: Rules, reading: Reading, ways: Iterable[Way], text: str, unless: Sequence[scopes.Span]
) -> tuple[scopes.Span | None, scopes.Span | None]:
    """The first match that stands, and the first that is denied and no part of one that stands."""
    said: list[scopes.Span] = []
    refused: list[scopes.Span] = []
    for start, end in scopes.spans(ways, text):
        if any(start < high and low < end for low, high in unless):
            continue
        taken_back = reading.denied[start] or scopes.taken_back(rules.negation, reading.codes, end)
        (refused if taken_back else said).append((start, end))
    denials = (r for r in refused if not any(r[0] < high and low < r[1] for low, high in said))
    return (said[0] if said else None), next(denials, None)
