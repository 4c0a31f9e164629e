"""What all formats share: one variant of each question, warnings, and names that others accept."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from quiz.check import tolerance_of
from quiz.expressions import evaluate
from quiz.model import AnyQuestion, Numeric, Policy, Quiz
from quiz.problems import QuizError
from quiz.variants import draw_numbers, filled, shown_numbers

MAX_BYTES = 8 * 1024 * 1024

_PICTURE = re.compile(r"!\[[^\]]*\]\((?!https?:|data:)")
_PLACEHOLDER = re.compile(r"\{\{(?=[^{}]*\}\})")
# what XML 1.0 cannot hold
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class FormatError(QuizError):
    """A file is not of the format that it should be; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A quiz in another format.

    Attributes:
        content: The file's bytes.
        suffix: What such files' names end with.
        warnings: What the format cannot hold.
    """

    content: bytes
    suffix: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """A quiz that came from another format.

    Attributes:
        quiz: The quiz.
        warnings: What could not be taken over as it was.
    """

    quiz: Quiz
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Warnings:
    """Collects warnings, each of them once."""

    said: dict[str, None] = field(default_factory=dict)

    def add(self, question: str, text: str) -> None:
        """Note what is lost of a question; of the whole quiz where its id is empty."""
        self.said[f"{question}: {text}" if question else text] = None

    def all(self) -> tuple[str, ...]:
        """The warnings in the order in which they came up."""
        return tuple(self.said)


def settled(quiz: Quiz, student: str, warnings: Warnings, lost: Iterable[str] = ()) -> Quiz:
    """A quiz with the numbers of one student put in, because other programs cannot draw ours.

    Args:
        quiz: The quiz with its key.
        student: Whose numbers to take.
        warnings: Told what that loses.
        lost: Names of fields that the format has no place for.
    """
    lost = tuple(lost)
    made = []
    for question in quiz.questions:
        for name in lost:
            if getattr(question, name, None):
                warnings.add(question.id, f"{name} left out: the format has no place for it")
        if _PICTURE.search(" ".join(_texts(question))):
            warnings.add(question.id, "its pictures are not packed: upload them there")
        if question.type == "free_text":
            warnings.add(question.id, "a person marks it there: the rules for it stay here")
        made.append(_settled(question, student, warnings))
    if quiz.parts:
        titles = ", ".join(part.title or part.id for part in quiz.parts)
        warnings.add("", f"the parts ({titles}) and their texts are left out: all in one list")
    if quiz.policy != Policy():
        warnings.add("", "the policy (attempts, feedback) is left out: set it where you import")
    return replace(quiz, questions=tuple(made))


def _texts(question: AnyQuestion) -> Iterator[str]:
    """The texts of a question that may hold pictures."""
    yield from (question.text, question.explanation)
    for name in ("options", "items", "prompts", "choices"):
        yield from (record.text for record in getattr(question, name, ()))


def _settled(question: AnyQuestion, student: str, warnings: Warnings) -> AnyQuestion:
    numbers = shown_numbers(question, draw_numbers(question, student))
    if question.draw:
        warnings.add(question.id, f"one variant only, the numbers drawn for {student!r}")
    changes: dict[str, Any] = {"draw": {}, "show": {}}
    for name in ("text", "explanation", "feedback"):
        if hasattr(question, name):
            changes[name] = filled(getattr(question, name), numbers)
    changes["hints"] = tuple(filled(hint, numbers) for hint in question.hints)
    for name in ("options", "items", "prompts", "choices", "blanks"):
        if hasattr(question, name):
            records = getattr(question, name)
            changes[name] = tuple(_filled_record(record, numbers) for record in records)
    if isinstance(question, Numeric):
        changes |= _settled_number(question, numbers)
    return replace(question, **changes)


def _filled_record(record: Any, numbers: Any) -> Any:
    texts = {
        name: filled(getattr(record, name), numbers)
        for name in ("text", "feedback")
        if hasattr(record, name)
    }
    return replace(record, **texts)


def _settled_number(question: Numeric, numbers: Any) -> dict[str, Any]:
    key = evaluate(question.answer if question.answer is not None else 0, numbers)
    amount, relative = tolerance_of(question.tolerance)
    reach = float(Fraction(str(amount)) * abs(Fraction(key))) if relative else amount
    mistakes = tuple(
        replace(mistake, value=value, feedback=filled(mistake.feedback, numbers))
        for mistake in question.mistakes
        if (value := evaluate(mistake.value, numbers)) != key
    )
    return {"answer": key, "tolerance": reach or None, "mistakes": mistakes}


def decimal(number: int | float | Fraction) -> str:
    """A number in plain decimals, as every importer reads it: no exponent, no thousands."""
    if isinstance(number, Fraction):
        number = float(number)
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        number = int(number)
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_of(text: str) -> int | float:
    """A number that a file of another program holds.

    Raises:
        FormatError: It is none, or not finite.
    """
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        raise FormatError(f"{text.strip()[:40]!r} is no number") from None
    if not math.isfinite(value) or abs(value) > 1e300:
        raise FormatError(f"{text.strip()[:40]!r} is no finite number")
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def clean(text: str) -> str:
    """A text without what XML cannot hold."""
    return _UNFIT.sub("\ufffd", text)


def token(text: str) -> str:
    """An id that other programs accept: it begins with a letter or an underscore."""
    return text if text[:1].isalpha() else f"_{text}"


class Names:
    """Makes ids that differ from each other, from whatever another program called things."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def make(self, wish: str, otherwise: str) -> str:
        """An id like the wished one, or like the other where that leaves nothing."""
        plain = unicodedata.normalize("NFKD", wish).encode("ascii", "ignore").decode()
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", plain).strip("-_")[:48].strip("-_") or otherwise
        name, number = stem, 2
        while name in self._taken:
            name, number = f"{stem}-{number}", number + 1
        self._taken.add(name)
        return name


def harmless(markdown: str) -> str:
    """Markdown from elsewhere that looks the same and has none of our placeholders."""
    return _PLACEHOLDER.sub(r"{\\{", markdown)
