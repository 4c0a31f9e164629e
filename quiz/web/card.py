"""A question as the front end gets it, and what comes back from there, checked.

A card holds nothing of a key: what is right is known to the engine only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from quiz.check import gaps
from quiz.scoring.outcome import Outcome
from quiz.session import SessionError, Shown
from quiz.web.markup import to_html, to_text, with_gaps

Taker: TypeAlias = Callable[[Shown, Any], Any]

HOW = {
    "single_choice": "Choose one.",
    "multiple_choice": "Choose all that are right.",
    "true_false": "Choose one.",
    "numeric": "Your number",
    "short_answer": "A word or two",
    "ordering": "Move them with the buttons, or with Alt and the arrow keys.",
    "matching": "Choose what belongs to each.",
    "fill_in": "Fill in every gap.",
    "free_text": "Your answer",
}
MAX_LINE = 500
MAX_FREE = 10_000
TRUTHS = (("true", "True"), ("false", "False"))


def card(shown: Shown, folder: str) -> dict[str, Any]:
    """A question as the front end shows it.

    Args:
        shown: The question as this student sees it.
        folder: Where its pictures lie.
    """
    question = shown.question
    text = with_gaps if question.type == "fill_in" else to_html
    made: dict[str, Any] = {
        "id": question.id,
        "type": question.type,
        "position": shown.position,
        "part": question.part,
        "title": to_text(question.title),
        "points": question.points,
        "text": text(shown.text, folder),
        "how": HOW[question.type],
        "hints": [to_html(hint, folder) for hint in shown.hints],
        "longest": MAX_FREE if question.type == "free_text" else MAX_LINE,
    }
    if question.type == "true_false":
        made["options"] = [{"id": name, "html": words, "text": words} for name, words in TRUTHS]
    elif shown.options:
        made["options"] = _records(shown.options, folder)
    if question.type == "matching":
        made["prompts"] = _records(question.prompts, folder)
        made["choices"] = _records(shown.choices, folder)
    if question.type == "numeric":
        made["unit"] = question.unit
    return made


def _records(records: Sequence[Any], folder: str) -> list[dict[str, str]]:
    return [
        {"id": record.id, "html": to_html(record.text, folder), "text": to_text(record.text)}
        for record in records
    ]


def said(outcome: Outcome | None, folder: str) -> dict[str, Any] | None:
    """What may be said about an answer, as the front end shows it."""
    if outcome is None:
        return None
    return {
        "right": outcome.points == outcome.max_points,
        "points": outcome.points,
        "max_points": outcome.max_points,
        "html": to_html(outcome.feedback, folder),
    }


def taken(shown: Shown, given: Any) -> Any:
    """An answer that came from the front end, as `answers.yaml` holds it.

    Args:
        shown: The question as it was shown.
        given: Anything that JSON can hold.

    Raises:
        SessionError: It is empty, or no answer to this question.
    """
    taker: Taker = _TAKERS.get(shown.question.type, _line)
    answer = taker(shown, given)
    if not answer:
        raise SessionError("An empty answer is not saved.")
    return answer


def clean(text: Any, longest: int = MAX_LINE) -> str:
    """A text that came from outside: what YAML cannot hold is left out.

    Raises:
        SessionError: It is no text, or too long.
    """
    if not isinstance(text, str):
        raise SessionError("A text is expected here.")
    if len(text) > longest:
        raise SessionError(f"That is too long: at most {longest:,} characters.")
    tidy: str = text.replace("\r\n", "\n").replace("\x00", "")
    return tidy.encode("utf-8", "replace").decode("utf-8").strip()


def _line(shown: Shown, given: Any) -> str:
    return clean(given, MAX_FREE if shown.question.type == "free_text" else MAX_LINE)


def _known(given: Any, records: Sequence[Any]) -> str:
    if not isinstance(given, str) or given not in {record.id for record in records}:
        raise SessionError("That is none of the options.")
    return given


def _one(shown: Shown, given: Any) -> str:
    return _known(given, shown.options)


def _some(shown: Shown, given: Any) -> list[str]:
    if not isinstance(given, list):
        raise SessionError("A list of options is expected here.")
    picked = {_known(entry, shown.options) for entry in given}
    return [option.id for option in shown.options if option.id in picked]


def _order(shown: Shown, given: Any) -> list[str]:
    ids = [option.id for option in shown.options]
    if not isinstance(given, list) or sorted(map(str, given)) != sorted(ids):
        raise SessionError("Every item is expected, each of them once.")
    return [str(entry) for entry in given]


def _truth(shown: Shown, given: Any) -> str:
    if given not in ("true", "false"):
        raise SessionError("True or false is expected here.")
    return str(given)


def _pairs(shown: Shown, given: Any) -> dict[str, str]:
    prompts = [prompt.id for prompt in getattr(shown.question, "prompts", ())]
    if not isinstance(given, dict) or set(given) - set(prompts):
        raise SessionError("A choice for each of the left sides is expected here.")
    return {name: _known(given[name], shown.choices) for name in prompts if given.get(name)}


def _gaps(shown: Shown, given: Any) -> dict[str, str]:
    names = gaps(shown.question.text)
    if not isinstance(given, dict) or set(given) - set(names):
        raise SessionError("A text for each of the gaps is expected here.")
    filled = {name: clean(given[name]) for name in names if name in given}
    return {name: text for name, text in filled.items() if text}


_TAKERS: dict[str, Taker] = {
    "single_choice": _one,
    "multiple_choice": _some,
    "true_false": _truth,
    "ordering": _order,
    "matching": _pairs,
    "fill_in": _gaps,
}
