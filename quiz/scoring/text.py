"""Marking short texts: right is what the author listed; case and spaces do not count."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from quiz.expressions import Scalar
from quiz.model import FillIn, ShortAnswer
from quiz.scoring.outcome import Score
from quiz.variants import filled

Numbers = Mapping[str, Scalar]


def plain(text: str, case: bool = False) -> str:
    """A short text as it is compared: spaces single, a last full stop gone."""
    text = " ".join(unicodedata.normalize("NFKC", text).split()).rstrip(".!").strip()
    return text if case else text.casefold()


def _among(answer: str, accepted: Iterable[str], numbers: Numbers, case: bool = False) -> bool:
    return plain(answer, case) in {plain(filled(text, numbers), case) for text in accepted}


def short_answer(question: ShortAnswer, answer: Any, numbers: Numbers) -> Score:
    """A word or two, all points or none."""
    if not isinstance(answer, str | int | float):
        return Score(0.0, "Answer with a word or two.")
    if _among(str(answer), question.accept, numbers, question.case):
        return Score(1.0, "Right.")
    for mistake in question.mistakes:
        if _among(str(answer), mistake.accept, numbers, question.case):
            return Score(0.0, filled(mistake.feedback, numbers), mistake.id)
    return Score(0.0, "That is not it.")


def fill_in(question: FillIn, answer: Any, numbers: Numbers) -> Score:
    """Each gap earns its share."""
    if not isinstance(answer, dict):
        if len(question.blanks) > 1:
            return Score(0.0, "Give a word for each of the gaps.")
        answer = {question.blanks[0].id: answer}
    wrong = [
        blank
        for blank in question.blanks
        if not _among(str(answer.get(blank.id, "")), blank.accept, numbers)
    ]
    if not wrong:
        return Score(1.0, "Right.")
    said = [f"Gap {blank.id!r}: {blank.feedback or 'that is not it'}." for blank in wrong]
    share = (len(question.blanks) - len(wrong)) / len(question.blanks)
    return Score(share, filled(" ".join(said), numbers).replace("..", "."))
