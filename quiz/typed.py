"""What a student types at the keyboard, as the answer that `answers.yaml` holds, and back again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from quiz.check import gaps
from quiz.scoring.choice import truth
from quiz.session import SessionError, Shown

HOW = {
    "single_choice": "Type the number of your option.",
    "multiple_choice": "Type the numbers of all that are right, such as 1 3.",
    "true_false": "Type t for true or f for false.",
    "numeric": "Type a number.",
    "short_answer": "Type a word or two.",
    "ordering": "Type the numbers in the right order, such as 2 3 1.",
    "matching": "Type the number that belongs to each letter, such as a2 b1.",
    "fill_in": "Type the words for the gaps in order, with a semicolon between them.",
    "free_text": "Type your answer; an empty line ends it.",
}


def how(shown: Shown) -> str:
    """What to type, in a sentence."""
    unit = getattr(shown.question, "unit", "")
    if unit:
        return f"Type a number, with or without its unit ({unit})."
    return HOW[shown.question.type]


def lines(shown: Shown) -> list[tuple[str, str]]:
    """What can be picked below a question: a mark to type and a text for each."""
    if shown.question.type == "matching":
        left = [(f"{_letter(i)})", prompt.text) for i, prompt in enumerate(shown.question.prompts)]
        return [*left, ("", ""), *_numbered(shown.choices)]
    return _numbered(shown.options)


def _numbered(records: Sequence[Any]) -> list[tuple[str, str]]:
    return [(f"{number}.", record.text) for number, record in enumerate(records, 1)]


def _letter(position: int) -> str:
    return chr(ord("a") + position)


def read(shown: Shown, text: str) -> Any:
    """The answer that was typed.

    Args:
        shown: The question as it was shown.
        text: What was typed; not empty.

    Raises:
        SessionError: It makes no sense for this question; the text says what to type.
    """
    reader = _READERS.get(shown.question.type)
    return text.strip() if reader is None else reader(shown, text.strip())


def _picked(text: str, records: Sequence[Any]) -> list[str]:
    found = re.findall(r"[^\s,;]+", text)
    ids = []
    for entry in found:
        word = entry.rstrip(".)")
        if not (word.isascii() and word.isdigit() and 1 <= int(word[:6]) <= len(records)):
            raise SessionError(f"{word[:20]!r} is none of the numbers 1 to {len(records)}.")
        ids.append(records[int(word[:6]) - 1].id)
    if len(set(ids)) < len(ids):
        raise SessionError("Each number once, please.")
    return ids


def _single(shown: Shown, text: str) -> str:
    picked = _picked(text, shown.options)
    if len(picked) != 1:
        raise SessionError("Exactly one number, please.")
    return picked[0]


def _multiple(shown: Shown, text: str) -> list[str]:
    return _picked(text, shown.options)


def _ordering(shown: Shown, text: str) -> list[str]:
    picked = _picked(text, shown.options)
    if len(picked) != len(shown.options):
        raise SessionError(f"All {len(shown.options)} numbers, please, each once.")
    return picked


def _truth(shown: Shown, text: str) -> str:
    said = truth(text)
    if said is None:
        raise SessionError("Type t for true or f for false.")
    return "true" if said else "false"


def _matching(shown: Shown, text: str) -> dict[str, str]:
    prompts = getattr(shown.question, "prompts", ())
    pairs = dict(re.findall(r"([a-z])\s*[:=)-]?\s*(\d{1,3})", text.lower()))
    answer = {}
    for position, prompt in enumerate(prompts):
        number = int(pairs.get(_letter(position), 0))
        if not 1 <= number <= len(shown.choices):
            raise SessionError(f"A number from 1 to {len(shown.choices)} for each letter, please.")
        answer[prompt.id] = shown.choices[number - 1].id
    return answer


def _fill_in(shown: Shown, text: str) -> dict[str, str]:
    names = gaps(shown.question.text)
    words = [word.strip() for word in text.split(";")]
    if len(words) != len(names):
        raise SessionError(f"{len(names)} texts, please, with a semicolon between them.")
    return dict(zip(names, words, strict=True))


_READERS: dict[str, Callable[[Shown, str], Any]] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "ordering": _ordering,
    "true_false": _truth,
    "matching": _matching,
    "fill_in": _fill_in,
}


def describe(shown: Shown, answer: Any) -> str:
    """A saved answer in a line, as the student would know it again."""
    texts: dict[str, str] = {record.id: record.text for record in (*shown.options, *shown.choices)}
    if isinstance(answer, list):
        return "; ".join(texts.get(str(entry), str(entry)) for entry in answer)
    if isinstance(answer, dict):
        prompts = getattr(shown.question, "prompts", ())
        left: dict[str, str] = {prompt.id: prompt.text for prompt in prompts}
        return "; ".join(
            f"{left.get(k, k)}: {texts.get(str(v), str(v))}" for k, v in answer.items()
        )
    return texts.get(str(answer), str(answer))
