"""What of a coded text counts: blanks out copies, corrections, requests and questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from quiz.freetext.lexicon import BLANK, stem
from quiz.freetext.model import Question, Rules, Way
from quiz.freetext.tokens import ENDS, HARD, MARKS, PAUSES, Token, tokenize

Span = tuple[int, int]
COPIED_RUN = 4


@lru_cache(maxsize=256)
def _codes_in(text: str) -> frozenset[str]:
    return frozenset(text)


def spans(ways: Iterable[Way], text: str) -> Iterator[Span]:
    """Where a text holds any of these ways."""
    for start, end, _ in places(ways, text):
        yield start, end


def places(ways: Iterable[Way], text: str) -> Iterator[tuple[int, int, bool]]:
    """The same, with whether the way may hold a word of negation itself."""
    lacks = _codes_in(text).isdisjoint
    # Most ways fail at their rarest codes: that test is the marker's innermost loop.
    for way in [way for way in ways if not lacks(way.rarest)]:
        if not any(map(lacks, way.needs)):
            for match in way.regex.finditer(text):
                yield *match.span(), way.negative


def blank(text: str, start: int, end: int) -> str:
    """The text with a stretch made meaningless; what ends a sentence stays."""
    kept = "".join(code if code in ENDS else BLANK for code in text[start:end])
    return text[:start] + kept + text[end:]


def runs(text: str) -> frozenset[str]:
    """A question's words, four at a time, by which a copy of it is recognised."""
    words = [stem(token.text) for token in tokenize(text) if token.text not in MARKS]
    return frozenset(
        " ".join(words[i : i + COPIED_RUN]) for i in range(len(words) - COPIED_RUN + 1)
    )


def without_copies(rules: Rules, question: str, tokens: Sequence[Token], text: str) -> str:
    """Blank what repeats the question's own words, four or more in a row."""
    known = rules.copied[question]
    places = [i for i, token in enumerate(tokens) if token.text not in MARKS]
    if len(places) < COPIED_RUN:
        return text
    stems = [stem(tokens[i].text) for i in places]
    for k in range(len(places) - COPIED_RUN + 1):
        start, end = places[k], places[k + COPIED_RUN - 1] + 1
        # "... my output layer. And what ..." copies no sentence.
        ended = any(tokens[place].text == HARD for place in range(start, end))
        if " ".join(stems[k : k + COPIED_RUN]) in known and not ended:
            text = blank(text, start, end)
    return text


def without_asides(rules: Rules, text: str) -> str:
    """Blank words addressed to the grader, and what others say where the student says otherwise."""
    for start, end in [*spans(rules.requests, text), *spans(rules.asides, text)]:
        text = blank(text, start, end)
    return text


def without_questions(rules: Rules, text: str) -> str:
    """Blank sentences that ask instead of saying, or all of them where the text mostly asks."""
    if "?" not in text:
        return text
    # "..., no?" asks for nothing but a nod.
    refusals = "".join(sorted(rules.refusals))
    text = re.sub(rf"(?<=[{PAUSES}])[{refusals}](?=\?)", BLANK, text)
    asked = list(re.finditer(r"[^.?]*\?", text))
    everything = len(asked) >= 3
    starts, ends = {match.start() for match in asked}, {match.end() for match in asked}
    for match in asked:
        inverted = any(start == 0 for start, _ in spans(rules.asking, match[0].lstrip(PAUSES)))
        # "How strongly does it pull? Weight." says what a weight is.
        inverted = inverted and not re.match(r"[^.?]{1,4}(?:[.?]|$)", text[match.end() :])
        refuted = refuses(rules, text[match.end() :].lstrip(PAUSES))
        # "Multiply? Add? Bend?" guesses; "Weight? How much an input counts." has a heading.
        short = len(match[0].lstrip(PAUSES)) <= 4
        fragment = short and (match.start() in ends or match.end() in starts)
        if everything or inverted or refuted or fragment:
            text = blank(text, *match.span())
    return text


def refuses(rules: Rules, text: str) -> bool:
    """Whether a question is answered with no; "no idea" answers nothing."""
    return text[:1] in rules.refusals and not any(
        start == 0 for start, _ in spans(rules.negation.void, text[:8])
    )


def without_corrected(rules: Rules, question: Question, text: str) -> str:
    """Blank what "no wait" takes back: the part before it, of hearsay the whole sentence.

    "Input: where the answer comes out, no wait: where data goes in" goes on speaking of the input.
    """
    last = -1
    entire = set(spans(rules.retractions, text))
    for start, end in sorted(entire.union(spans(rules.corrections, text))):
        if start <= last or (last > 0 and not text[last:start].strip(PAUSES)):
            # "Sorry, no, I mean" takes back once, not thrice.
            text, last = blank(text, start, end), max(last, end)
            continue
        last = end
        before = text[:start].rstrip(PAUSES + ENDS + BLANK + "".join(sorted(rules.refusals)))
        # A correction that begins a sentence takes back the sentence before it.
        marks = ENDS if text[:start].rstrip(PAUSES).endswith(tuple(ENDS)) else ENDS + PAUSES
        sentence = max(before.rfind(mark) for mark in ENDS)
        told = any(at == sentence + 1 for at, _ in spans(rules.hearsay, text))
        place = (
            sentence
            if told or (start, end) in entire
            else max(before.rfind(mark) for mark in marks)
        )
        goes_on = not told and (start, end) not in entire and marks != ENDS
        kept = _first_name(question, text[place + 1 : start]) if goes_on else (0, 0)
        name = text[place + 1 :][slice(*kept)]
        text = blank(text, place + 1, end)
        text = text[: place + 1 + kept[0]] + name + text[place + 1 + kept[1] :]
    return text


def _first_name(question: Question, text: str) -> Span:
    """Where a text first names a topic of the question; nowhere is an empty stretch."""
    return min(spans(question.topics.values(), text), default=(0, 0))


def with_void_negators(rules: Rules, text: str) -> str:
    """Give negators that deny nothing ("no matter", "not only") their second code."""
    void = rules.lexicon.void
    for start, end in list(spans(rules.negation.void, text)):
        text = text[:start] + "".join(void.get(code, code) for code in text[start:end]) + text[end:]
    return text
