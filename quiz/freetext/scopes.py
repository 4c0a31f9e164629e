"""What of a coded text counts: blanks out copies, corrections, requests and questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import itemgetter

from quiz.freetext.lexicon import BLANK, stem
from quiz.freetext.model import Question, Rules
from quiz.freetext.tokens import COLON, ENDS, HARD, MARKS, PAUSES, Token, tokenize
from quiz.freetext.ways import Span, Ways

_SPAN = itemgetter(0)
COPIED_RUN = 5
#: What may stand before an answer: "Does it add? - A: yes".
_SPEAKER = re.compile(rf"[{PAUSES}{HARD}]*(?:[^{ENDS}{PAUSES}]{COLON})?")


def spans(ways: Ways, text: str) -> Iterator[Span]:
    """Where a text holds any of these ways."""
    return map(_SPAN, ways.in_text(text))


def names(question: Question, text: str) -> Iterator[Span]:
    """Where a text names any topic of the question."""
    return chain.from_iterable(spans(ways, text) for ways in question.topics.values())


def blank(text: str, start: int, end: int) -> str:
    """The text with a stretch made meaningless; what ends a sentence stays."""
    kept = "".join(code if code in ENDS else BLANK for code in text[start:end])
    return text[:start] + kept + text[end:]


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """A question's words, five at a time, by which a copy of it is recognised."""
    words = [stem(token.text) for token in tokenize(text) if token.text not in MARKS]
    return frozenset(_in_a_row(words))


def _in_a_row(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(COPIED_RUN)), strict=False)


def without_copies(rules: Rules, question: str, tokens: Sequence[Token], text: str) -> str:
    """Blank what repeats the question's own words, five or more in a row."""
    known = rules.copied[question]
    places = [i for i, token in enumerate(tokens) if token.text not in MARKS]
    stems = [stem(tokens[i].text) for i in places]
    for k, run in enumerate(_in_a_row(stems)):
        if run in known:
            start, end = places[k], places[k + COPIED_RUN - 1] + 1
            # "... my output layer. And what ..." copies no sentence.
            if not any(tokens[place].text == HARD for place in range(start, end)):
                text = blank(text, start, end)
    return text


def without_asides(rules: Rules, text: str) -> str:
    """Blank words addressed to the grader, and what others say where the student says otherwise."""
    for start, end in [*spans(rules.requests, text), *spans(rules.asides, text)]:
        text = blank(text, start, end)
    return text


def without_questions(rules: Rules, question: Question, text: str) -> str:
    """Blank sentences that ask instead of saying, or all of them where the text mostly asks.

    The name of the one topic that is asked for stays: "What is a weight? A factor."
    """
    if "?" not in text:
        return text
    # "..., no?" asks for nothing but a nod.
    refusals = "".join(sorted(rules.refusals))
    text = re.sub(rf"(?<=[{PAUSES}])[{refusals}](?=\?)", BLANK, text)
    asked = list(re.finditer(r"[^.?]*\?", text))
    rest = {match.end(): _SPEAKER.sub("", text[match.end() :], count=1) for match in asked}
    answered = {end for end, after in rest.items() if after[:1] in rules.assents}
    everything = len(asked) - len(answered) >= 3
    starts, ends = {match.start() for match in asked}, {match.end() for match in asked}
    for match in asked:
        if match.end() in answered:
            # "Does it add? Yes" says that it does.
            continue
        inverted = any(start == 0 for start, _ in spans(rules.asking, match[0].lstrip(PAUSES)))
        # "How strongly does it pull? Weight." says what a weight is.
        inverted = inverted and not re.match(r"[^.?]{1,4}(?:[.?]|$)", text[match.end() :])
        refuted = refuses(rules, rest[match.end()])
        # "Multiply? Add? Bend?" guesses; "Weight? How much an input counts." has a heading.
        short = len(match[0].lstrip(PAUSES)) <= 4
        fragment = short and (match.start() in ends or match.end() in starts)
        if everything or inverted or refuted or fragment:
            start, end = match.span()
            low, high = _only_name(question, match[0], "") if inverted else (0, 0)
            name = text[start + low : start + high]
            text = blank(text, start, end)
            text = text[: start + low] + name + text[start + high :]
    return text


def refuses(rules: Rules, text: str) -> bool:
    """Whether a question is answered with no; "no idea" answers nothing."""
    return text[:1] in rules.refusals and not any(
        start == 0 for start, _ in spans(rules.negation.void, text[:8])
    )


def without_revoked(rules: Rules, text: str) -> str:
    """Blank all that stands before "None of this is true"."""
    return blank(text, 0, max((end for _, end in spans(rules.revocations, text)), default=0))


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
        kept = (
            _first_name(question, text[place + 1 : start])
            if goes_on
            else _only_name(question, text[place + 1 : start], text[end:])
        )
        name = text[place + 1 :][slice(*kept)]
        text = blank(text, place + 1, end)
        text = text[: place + 1 + kept[0]] + name + text[place + 1 + kept[1] :]
    return text


def _first_name(question: Question, text: str) -> Span:
    """Where a text first names a topic of the question; nowhere is an empty stretch."""
    return min(names(question, text), default=(0, 0))


def _only_name(question: Question, text: str, after: str) -> Span:
    """The name of the one topic of a text, where what comes after names none: "... It's added"."""
    named = {topic: list(spans(ways, text)) for topic, ways in question.topics.items()}
    (found, *others) = [places for places in named.values() if places] or [[]]
    clause = re.split(f"[{ENDS}{PAUSES}]", after.lstrip(ENDS + PAUSES + BLANK), maxsplit=1)[0]
    goes_on = _first_name(question, clause[:3]) == (0, 0)
    return found[0] if found and not others and goes_on else (0, 0)


def with_void_negators(rules: Rules, question: Question, text: str) -> str:
    """Give negators that deny nothing ("no matter", "not only") their second code.

    What the question supposes makes no double negation: "it can't bend without a nonlinearity"
    goes on denying that it bends.
    """
    void = rules.lexicon.void
    premises = list(spans(question.premises, text))
    double = (
        (start, end)
        for start, end in list(spans(rules.negation.void, text))
        if not any(start < high and low < end for low, high in premises)
    )
    for start, end in (*double, *premises):
        text = text[:start] + "".join(void.get(code, code) for code in text[start:end]) + text[end:]
    return text
