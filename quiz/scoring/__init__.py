"""Marking one answer: `score` finds the function for the question's type.

An answer that makes no sense (an option that is not there, a list where one id is due) earns
nothing and is told what was expected; it never raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from quiz.expressions import Scalar
from quiz.model import AnyQuestion, FreeText
from quiz.scoring import choice, number, text
from quiz.scoring.outcome import Outcome, Score

__all__ = ["Outcome", "score"]

_SCORES: dict[str, Callable[[Any, Any, Mapping[str, Scalar]], Score]] = {
    "single_choice": choice.single,
    "multiple_choice": choice.multiple,
    "true_false": choice.true_false,
    "ordering": choice.ordering,
    "matching": choice.matching,
    "numeric": number.numeric,
    "short_answer": text.short_answer,
    "fill_in": text.fill_in,
}


def is_blank(answer: Any) -> bool:
    """Whether nothing was answered."""
    return answer is None or answer in ([], {}) or (isinstance(answer, str) and not answer.strip())


def score(
    question: AnyQuestion, answer: Any, numbers: Mapping[str, Scalar], rules: str = ""
) -> Outcome:
    """Mark one answer.

    Args:
        question: The question with its key.
        answer: Text, a list of ids or a mapping of ids to texts, as `answers.yaml` holds it.
        numbers: The numbers that the question showed, drawn and computed.
        rules: The path of the rules for free texts.

    Returns:
        The points and what to say; points are rounded to hundredths.
    """
    if is_blank(answer):
        empty = {concept.id: False for concept in getattr(question, "concepts", ())}
        return Outcome(0.0, question.points, "Not answered.", concepts=empty)
    if isinstance(question, FreeText):
        from quiz.scoring import free

        return free.free_text(question, answer, rules)
    made = _SCORES[question.type](question, answer, numbers)
    points = round(question.points * min(1.0, max(0.0, made.share)), 2)
    parts = (made.feedback, question.explanation, _reread(question, made.share))
    return Outcome(
        points, question.points, " ".join(filter(None, parts)), made.mistake, made.unsure
    )


def _reread(question: AnyQuestion, share: float) -> str:
    return f"Read again: {question.reread}." if question.reread and share < 1 else ""
