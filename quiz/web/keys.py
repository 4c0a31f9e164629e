"""The key of a practice bank, as an exported page needs it to give feedback by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from quiz.check import tolerance_of
from quiz.expressions import Scalar, evaluate, names_in
from quiz.model import AnyQuestion
from quiz.units import COUNTS, TIMES, UnitError, factor, is_bytes, is_count, is_times
from quiz.web.markup import to_html
from quiz.web.tables import Holders, table

_PREFIXES = ("", "k", "K", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "m", "g", "t")
_LONG = ("", "kilo", "mega", "giga", "tera", "kibi", "mebi", "gibi", "tebi")
_SHORT = ("B", "b", "bit", "bits", "FLOP", "FLOPs", "s", "J", "W", "Hz")
_OTHERS = ("byte", "bytes", "bits", "second", "seconds", "minute", "minutes", "hours", "%", "gigs")


def key(question: AnyQuestion, holders: Holders, folder: str) -> dict[str, Any]:
    """What is right, what is wrong how, and what to say to it.

    Args:
        question: The question with its key.
        holders: Where its placeholders are kept.
        folder: Where its pictures lie.

    Raises:
        TooMany: Its numbers give more results than a page should hold.
        ExpressionError: An expression cannot be worked out.
    """

    def html(text: str) -> str:
        return to_html(holders.hold(text), folder)

    made = _KEYS[question.type](question, html, holders)
    return {
        **made,
        "explanation": html(question.explanation),
        "reread": html(question.reread),
    }


Html = Callable[[str], str]


def _choice(question: Any, html: Html, holders: Holders) -> dict[str, Any]:
    return {
        "right": [option.id for option in question.options if option.correct],
        "said": {option.id: html(option.feedback) for option in question.options},
    }


def _truth(question: Any, html: Html, holders: Holders) -> dict[str, Any]:
    return {"right": "true" if question.answer else "false", "said": html(question.feedback)}


def _numeric(question: Any, html: Html, holders: Holders) -> dict[str, Any]:
    def worked_out(expression: Scalar) -> dict[str, Any]:
        return table(question, set(names_in(expression)), lambda n: evaluate(expression, n))

    amount, relative = tolerance_of(question.tolerance)
    return {
        "value": worked_out(question.answer),
        "mistakes": [
            {"value": worked_out(mistake.value), "said": html(mistake.feedback)}
            for mistake in question.mistakes
        ],
        "tolerance": amount,
        "relative": relative,
        "units": _units(question.unit),
        "counts": is_count(question.unit),
        "times": is_times(question.unit),
        "bytes": is_bytes(question.unit),
    }


@cache
def _units(wanted: str) -> dict[str, float]:
    """How many of the wanted unit each unit is that a student may type."""
    if is_count(wanted):
        return dict.fromkeys(sorted(COUNTS | TIMES), 1.0)
    spelt = [prefix + unit for unit in _SHORT for prefix in _PREFIXES]
    spelt += [prefix + unit for unit in _OTHERS[:3] for prefix in _LONG]
    known = {}
    for unit in (*spelt, *_OTHERS):
        try:
            known[unit] = float(factor(unit, wanted))
        except UnitError:
            continue
    return known


def _short(question: Any, html: Html, holders: Holders) -> dict[str, Any]:
    return {
        "accept": _held(question.accept, holders),
        "case": question.case,
        "mistakes": [
            {"accept": _held(mistake.accept, holders), "said": html(mistake.feedback)}
            for mistake in question.mistakes
        ],
    }


def _held(texts: Sequence[str], holders: Holders) -> list[str]:
    return [holders.hold(text) for text in texts]


def _order(question: Any, html: Html, holders: Holders) -> dict[str, Any]:
    return {"right": [item.id for item in question.items]}


def _pairs(question: Any, html: Html, holders: Holders) -> dict[str, Any]:
    return {"right": {prompt.id: prompt.match for prompt in question.prompts}}


def _gaps(question: Any, html: Html, holders: Holders) -> dict[str, Any]:
    return {
        "blanks": {
            blank.id: {"accept": _held(blank.accept, holders), "said": html(blank.feedback)}
            for blank in question.blanks
        }
    }


def _free(question: Any, html: Html, holders: Holders) -> dict[str, Any]:
    return {"concepts": [html(concept.text or concept.id) for concept in question.concepts]}


_KEYS: dict[str, Callable[[Any, Html, Holders], dict[str, Any]]] = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _truth,
    "numeric": _numeric,
    "short_answer": _short,
    "ordering": _order,
    "matching": _pairs,
    "fill_in": _gaps,
    "free_text": _free,
}
