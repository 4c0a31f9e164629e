"""A second reader: how likely an answer earns a concept, by the words of labelled answers.

It never awards a point. Where it is nearly certain that the rules are wrong, the marker asks an
instructor to look; where the rules only guess, it may settle the guess. Its weights are learned by
`bench/freetext_reader.py` (logistic regression) from labelled answers and lie beside the rules as
`<rules>.reader.json`: per question and feature a number of tenths for each concept.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

from quiz.freetext.lexicon import BLANK, stem
from quiz.freetext.model import Learned, Question, Rules, SecondReader
from quiz.freetext.reading import Reading
from quiz.freetext.tokens import ENDS, HARD, PAUSES

#: So many words that carry meaning may lie a pair apart, within a sentence.
COMPANY = 6

#: A word, or several that stand together: to join them to texts would take longer than to look
#: them up.
Trait = str | tuple[str, ...]
TopicTrait = tuple[str, Trait]
_TOPIC = re.compile(r"[\w-]+:")


def features_of(
    rules: Rules, question: Question, reading: Reading
) -> tuple[set[str], dict[str, set[str]]]:
    """What an answer consists of, as the file spells it; `traits_of` says what that is."""
    common, about = traits_of(rules, question, reading)
    return set(map(_spelled, common)), {
        concept: {prefix + _spelled(trait) for prefix, trait in found}
        for concept, found in about.items()
    }


def traits_of(
    rules: Rules, question: Question, reading: Reading
) -> tuple[set[Trait], dict[str, set[TopicTrait]]]:
    """What an answer consists of: stems, which stand beside which, which share a sentence, kinds.

    Args:
        rules: for the sets of words, each of which is a kind.
        question: for the concepts that have a topic.
        reading: the prepared answer. A denied word has a `!` before it, a number is `#`, what
            doesn't count is `_`.

    Returns:
        What holds for the whole answer, and for each concept with a topic what holds for the part
        that speaks of it, with the topic's name before it.
    """
    words = _words(rules, reading)
    found: set[Trait] = {"^", "$", *words, *_pairs(words)}
    found.update(_company(rules, words, reading.codes))
    for code, denied in set(zip(reading.codes, reading.denied, strict=True)):
        if kinds := rules.kinds.get(code):
            found.update(_kinds(kinds, denied))
    if reading.beside:
        found.add(("beside", "the", "question"))
    return found, {
        concept.id: _about(rules, words, reading.parts[concept.topic], concept.topic)
        for concept in question.concepts
        if concept.topic
    }


@cache
def _kinds(kinds: tuple[str, ...], denied: bool) -> tuple[str, ...]:
    return tuple(f"!@{kind}" if denied else f"@{kind}" for kind in kinds)


def _about(rules: Rules, words: Sequence[str], part: str, topic: str) -> set[TopicTrait]:
    """The same, of one topic's part."""
    words = [word for word, code in zip(words, part, strict=True) if code != HARD]
    prefix = topic + ":"
    if not words:
        return {(prefix, ("", "nothing"))}
    found: set[Trait] = {"^", "$", *words, *_pairs(words)}
    for code in set(part):
        if kinds := rules.kinds.get(code):
            found.update(_kinds(kinds, False))
    return set(zip(itertools.repeat(prefix), found))


def _spelled(trait: Trait) -> str:
    return trait if isinstance(trait, str) else " ".join(trait)


def _read_back(feature: str) -> Trait | TopicTrait:
    if topic := _TOPIC.match(feature):
        return topic[0], _trait(feature[topic.end() :])
    return _trait(feature)


def _trait(feature: str) -> Trait:
    return tuple(feature.split(" ")) if " " in feature else feature


def _words(rules: Rules, reading: Reading) -> list[str]:
    corrected = rules.lexicon.corrected
    return [
        _written(corrected.get(token.text, token.text), code, denied)
        for token, code, denied in zip(reading.tokens, reading.codes, reading.denied, strict=True)
    ]


@lru_cache(maxsize=65536)
def _written(text: str, code: str, denied: bool) -> str:
    word = "_" if code == BLANK else "#" if text[0].isdigit() else stem(text)
    return "!" + word if denied else word


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return itertools.pairwise(["^", *words, "$"])


def _company(rules: Rules, words: Sequence[str], codes: str) -> list[str]:
    """Words that carry meaning and share a sentence, two by two in the order of the alphabet."""
    found: list[str] = []
    before: list[str] = []
    for word, code in zip(words, codes, strict=True):
        if code in ENDS:
            before = []
        elif code not in PAUSES and code != BLANK and code not in rules.glue:
            found += [f"{a}&{word}" if a < word else f"{word}&{a}" for a in before]
            before = [*before[1 - COMPANY :], word]
    return found


def beside(rules: Path) -> Path:
    """Where the second reader of a rules file lies."""
    return rules.with_suffix(".reader.json")


@lru_cache(maxsize=8)
def load_reader(path: Path) -> SecondReader | None:
    """The second reader of a file, or None where there is no such file.

    Raises:
        ValueError: the file is no JSON.
    """
    if not path.is_file():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    return SecondReader({name: _learned(**learned) for name, learned in content.items()})


def _learned(concepts: list[str], constants: list[int], weights: dict[str, list[int]]) -> Learned:
    return Learned(concepts, constants, {_read_back(name): row for name, row in weights.items()})
