"""Turns questions that a student answers into statements: "Where do data go in? Input layer."."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quiz.freetext.lexicon import BLANK
from quiz.freetext.model import Question, Rules
from quiz.freetext.scopes import Span, refuses, spans
from quiz.freetext.tokens import COLON, ENDS, MARKS, PAUSES, SOFT, Token

#: Signs that stand between a name and what it names: "input - the raw data", "| input | data |".
DASHES = "-\u2013\u2014|"
#: An answer that only names the thing has so many tokens, and so many behind the name.
LONGEST_NAME = 8
MOST_BEHIND = 3
#: A question that only names what is explained next: its tokens, and those that say more.
LONGEST_HEADING = 9
MOST_BESIDE_NAME = 1
#: "No, it isn't" says nothing else: so many words it has at most.
LEAST_OTHERWISE = 4

_QUESTION = re.compile(r"[^.?]*\?")
_SPEAKER = re.compile(rf"[{re.escape(PAUSES)}]*(?:[^{re.escape(ENDS + PAUSES)}]{{1,2}}:)?")


def with_answers(rules: Rules, question: Question, text: str) -> str:
    """Read a question and its answer as one sentence, with a colon between.

    "Where do data go in? Input layer." says what goes into the input layer; of "And what is the
    input layer? The raw data" the name alone stays.

    Args:
        rules: for the words that refuse, and those that say nothing by themselves.
        question: whose topics may be named.
        text: coded text.
    """
    if "?" not in text or not question.topics:
        return text
    for asked in list(_QUESTION.finditer(text)):
        start, end = asked.span()
        answer = re.match(r"[^.?]*", text[end:])
        told = answer[0] if answer else ""
        if not told.strip(PAUSES) or text[end + len(told) :].startswith("?"):
            continue
        speaker = _speaker(question, told)
        name = _only_name(rules, question, told[speaker:])
        names = list(spans(question.topics.values(), text[start:end]))
        refused = refuses(rules, told.lstrip(PAUSES))
        if refused and not (len(names) == 1 and _says_otherwise(question, told)):
            continue
        if refused:
            low, high = start + names[0][0], name_end(rules, text, start + names[0][1])
            dash = len(told) - len(told.lstrip(PAUSES))
            for stretch in ((start, low), (high, end - 1), (end, end + dash + 1)):
                text = _without(text, *stretch)
            text = text[: end - 1] + COLON + text[end:]
        elif name and not names:
            text = text[: end - 1] + COLON + BLANK * speaker + text[end + speaker :]
            text = _without(text, *_verb_behind(rules, question, text, end + speaker))
        elif len(names) == 1 and _is_heading(rules, asked[0], names[0]):
            low, high = start + names[0][0], name_end(rules, text, start + names[0][1])
            text = _without(text, start, low)
            text = _without(text, high, end - 1)
            text = text[: end - 1] + COLON + text[end:]
    return text


def with_headings(
    rules: Rules, question: Question, tokens: Sequence[Token], written: str, text: str
) -> str:
    """Read the dash of "input - the raw data" as a colon.

    Args:
        rules: for the words that may follow a name.
        question: whose topics may be named.
        tokens: the answer's.
        written: the answer as the student wrote it.
        text: coded text.
    """
    if SOFT not in text:
        return text
    for start, end in list(spans(question.topics.values(), text)):
        end = name_end(rules, text, end)
        begins = text[max(start - 1, 0) : start] in ("", *ENDS, *PAUSES)
        if begins and text[end : end + 1] == SOFT and written[tokens[end].start] in DASHES:
            text = text[:end] + COLON + text[end + 1 :]
    return text


def name_end(rules: Rules, text: str, end: int) -> int:
    """Where a name ends that may be followed by "layer"."""
    layers = (rules.lexicon.code("layer"), rules.lexicon.code("layers"))
    return end + (text[end : end + 1] in layers)


def _speaker(question: Question, told: str) -> int:
    """How much stands before an answer: a dash, or who says it ("A:")."""
    label = _SPEAKER.match(told)
    if label is None or next(spans(question.topics.values(), label[0]), None):
        return len(told) - len(told.lstrip(PAUSES))
    return label.end()


def _only_name(rules: Rules, question: Question, told: str) -> bool:
    """Whether an answer, or its part before the first pause, does little more than name a topic."""
    part = re.split(f"[{re.escape(PAUSES)}]", told)[0]
    if len(part) > LONGEST_NAME or told[len(part) : len(part) + 1] == COLON:
        return False
    if not rules.negation.reach.keys().isdisjoint(part):
        return False
    names = list(spans(question.topics.values(), part))
    return len(names) == 1 and len(part) - name_end(rules, part, names[0][1]) <= MOST_BEHIND


def _says_otherwise(question: Question, told: str) -> bool:
    """Whether an answer begins with no and goes on, of the same thing: "No, it holds the data"."""
    words = [code for code in told if code not in MARKS]
    same = next(spans(question.topics.values(), told), None) is None
    return same and len(words) > LEAST_OTHERWISE


def _verb_behind(rules: Rules, question: Question, text: str, start: int) -> Span:
    """The last word of "The input layer does."; nowhere is an empty stretch."""
    part = re.split(f"[{re.escape(ENDS + PAUSES)}]", text[start:])[0]
    name = next(spans(question.topics.values(), part))
    end = name_end(rules, part, name[1])
    return (start + end, start + len(part)) if len(part) - end == 1 else (start, start)


def _is_heading(rules: Rules, asked: str, name: Span) -> bool:
    words = asked[: name[0]] + asked[name_end(rules, asked, name[1]) :]
    more = [code for code in words if code not in rules.glue and code not in MARKS]
    return len(asked) <= LONGEST_HEADING and len([c for c in more if c != BLANK]) <= MOST_BESIDE_NAME


def _without(text: str, start: int, end: int) -> str:
    return text[:start] + BLANK * (end - start) + text[end:]
