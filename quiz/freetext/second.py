"""A second reader: how likely an answer earns a concept, by the words of labelled answers.

It never awards a point. Where it is nearly certain that the rules are wrong, the marker asks an
instructor to look; where the rules only guess, it may settle the guess. Its weights are learned by
`bench/freetext_reader.py` (logistic regression) from labelled answers and lie beside the rules as
`<rules>.reader.json`: per question and concept a number for each run of up to three words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from quiz.freetext.lexicon import BLANK, stem
from quiz.freetext.model import Rules, SecondReader
from quiz.freetext.reading import Reading
from quiz.freetext.tokens import HARD

_LONGEST_RUN = 3
_LONGEST_RUN_ABOUT = 2


def features_of(rules: Rules, reading: Reading) -> list[str]:
    """What an answer consists of: runs of up to three stems, pairs around a word, kinds of words.

    Args:
        rules: for the sets of words, each of which is a kind.
        reading: the prepared answer. A denied word has a `!` before it, a number is `#`, what
            doesn't count is `_`.
    """
    words = _words(reading)
    found = set(_runs(words, "", _LONGEST_RUN))
    found.update(f"{a} _ {b}" for a, b in zip(words, words[2:], strict=False))
    for code, denied in zip(reading.codes, reading.denied, strict=True):
        found.update(("!@" if denied else "@") + name for name in rules.kinds.get(code, ()))
    if reading.beside:
        found.add("beside the question")
    return sorted(found)


def features_about(rules: Rules, reading: Reading, topic: str | None) -> list[str]:
    """The same, of the part that speaks of one topic; nothing where a concept has no topic."""
    part = reading.parts.get(topic) if topic else None
    if part is None:
        return []
    words = [word for word, code in zip(_words(reading), part, strict=True) if code != HARD]
    if not words:
        return ["T: nothing"]
    kinds = {"T:@" + name for code in part for name in rules.kinds.get(code, ())}
    return sorted(kinds.union(_runs(words, "T:", _LONGEST_RUN_ABOUT)))


def _words(reading: Reading) -> list[str]:
    return [
        ("!" if denied else "")
        + ("_" if code == BLANK else "#" if token.text[0].isdigit() else stem(token.text))
        for token, code, denied in zip(reading.tokens, reading.codes, reading.denied, strict=True)
    ]


def _runs(words: Iterable[str], prefix: str, longest: int) -> Iterator[str]:
    framed = ["^", *words, "$"]
    for length in range(1, longest + 1):
        for start in range(len(framed) - length + 1):
            yield prefix + " ".join(framed[start : start + length])


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
    return SecondReader(json.loads(path.read_text(encoding="utf-8"))["weights"])
