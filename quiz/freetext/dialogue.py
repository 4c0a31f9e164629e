"""Turns questions that a student answers into statements: "Where do data go in? Input layer."."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quiz.freetext.lexicon import BLANK
from quiz.freetext.model import Question, Rules
from quiz.freetext.scopes import names, refuses
from quiz.freetext.tokens import COLON, ENDS, MARKS, PAUSES, SOFT, Token
from quiz.freetext.ways import Span

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
    input layer? The raw data" and of "Input computes? No, it holds the data" the name alone stays.

    Args:
        rules: for the words that refuse, and those that say nothing by themselves.
        question: whose topics may be named.
        text: coded text.
    """
    if "?" not in text or not question.topics:
        return text
    for asked in list(_QUESTION.finditer(text)):
        answer = re.match(r"[^.?]*", text[asked.end() :])
        told = answer[0] if answer else ""
        if told.strip(PAUSES) and not text[asked.end() + len(told) :].startswith("?"):
            text = _with_answer(rules, question, text, asked.span(), told)
    return text


def _with_answer(rules: Rules, question: Question, text: str, asked: Span, told: str) -> str:
    """The same for one question, given where it stands and what is told then."""
    start, end = asked
    named = list(names(question, text[start:end]))
    if refuses(rules, told.lstrip(PAUSES)):
        if len(named) != 1 or not _says_otherwise(question, told):
            return text
        no = 1 + len(told) - len(told.lstrip(PAUSES))
        return _heading(rules, text, asked, named[0], no)
    speaker = _speaker(question, told)
    if not named and _only_name(rules, question, told[speaker:]):
        text = text[: end - 1] + COLON + BLANK * speaker + text[end + speaker :]
        return _without(text, *_verb_behind(rules, question, text, end + speaker))
    if len(named) == 1 and _is_heading(rules, text[start:end], named[0]):
        return _heading(rules, text, asked, named[0], 0)
    return text


def _heading(rules: Rules, text: str, asked: Span, name: Span, no: int) -> str:
    """Leave of a question the name, with a colon; of the answer go the first `no` tokens."""
    start, end = asked
    text = _without(text, start, start + name[0])
    text = _without(text, name_end(rules, text, start + name[1]), end - 1)
    return text[: end - 1] + COLON + BLANK * no + text[end + no :]


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
    for start, end in list(names(question, text)):
        dash = name_end(rules, text, end)
        begins = text[max(start - 1, 0) : start] in ("", *ENDS, *PAUSES)
        if begins and text[dash : dash + 1] == SOFT and written[tokens[dash].start] in DASHES:
            text = text[:dash] + COLON + text[dash + 1 :]
    return text


def name_end(rules: Rules, text: str, end: int) -> int:
    """Where a name ends that may be followed by "layer"."""
    layers = (rules.lexicon.code("layer"), rules.lexicon.code("layers"))
    return end + (text[end : end + 1] in layers)


def _speaker(question: Question, told: str) -> int:
    """How much stands before an answer: a dash, or who says it ("A:")."""
    label = _SPEAKER.match(told)
    if label is None or next(names(question, label[0]), None):
        return len(told) - len(told.lstrip(PAUSES))
    return label.end()


def _only_name(rules: Rules, question: Question, told: str) -> bool:
    """Whether an answer, or its part before the first pause, does little more than name a topic."""
    part = re.split(f"[{re.escape(PAUSES)}]", told)[0]
    if len(part) > LONGEST_NAME or told[len(part) : len(part) + 1] == COLON:
        return False
    if not rules.negation.reach.keys().isdisjoint(part):
        return False
    named = list(names(question, part))
    return len(named) == 1 and len(part) - name_end(rules, part, named[0][1]) <= MOST_BEHIND


def _says_otherwise(question: Question, told: str) -> bool:
    """Whether an answer begins with no and goes on, of the same thing: "No, it holds the data"."""
    words = [code for code in told if code not in MARKS]
    same = next(names(question, told), None) is None
    return same and len(words) > LEAST_OTHERWISE


def _verb_behind(rules: Rules, question: Question, text: str, start: int) -> Span:
    """The last word of "The input layer does."; nowhere is an empty stretch."""
    part = re.split(f"[{re.escape(ENDS + PAUSES)}]", text[start:])[0]
    name = next(names(question, part))
    end = name_end(rules, part, name[1])
    return (start + end, start + len(part)) if len(part) - end == 1 else (start, start)


def _is_heading(rules: Rules, asked: str, name: Span) -> bool:
    words = asked[: name[0]] + asked[name_end(rules, asked, name[1]) :]
    empty = rules.glue.union(MARKS, BLANK)
    more = sum(code not in empty for code in words)
    return len(asked) <= LONGEST_HEADING and more <= MOST_BESIDE_NAME


def _without(text: str, start: int, end: int) -> str:
    return text[:start] + BLANK * (end - start) + text[end:]
