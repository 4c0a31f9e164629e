"""Writing GIFT, Moodle's plain-text format, with texts in Markdown."""

from __future__ import annotations

import re
from typing import Any

from quiz.check import gaps
from quiz.formats.common import Exported, Warnings, decimal, settled
from quiz.formats.markup import parenthesised
from quiz.formats.moodle_write import FRACTIONS
from quiz.model import AnyQuestion, Quiz
from quiz.plaintext import MATHS

LOST = ("reread", "hints")


def write(quiz: Quiz, student: str) -> Exported:
    """A quiz as GIFT.

    Args:
        quiz: The quiz with its key.
        student: Whose numbers to take where numbers are drawn.
    """
    warnings = Warnings()
    if quiz.text:
        warnings.add("", "the text before the first question is left out")
    made = settled(quiz, student, warnings, LOST)
    entries = [f"// {_line(quiz.title)}"] if quiz.title else []
    for question in made.questions:
        entry = _entry(question, warnings)
        if entry is None:
            warnings.add(question.id, f"left out: GIFT has no {question.type}")
        else:
            entries.append(entry)
    return Exported(("\n\n".join(entries) + "\n").encode(), ".gift", warnings.all())


def _line(text: str) -> str:
    return " ".join(text.split())


def escaped(text: str) -> str:
    r"""A text in which `\ # = ~ { } :` and line ends mean themselves."""
    return re.sub(r"([\\#=~{}:])", r"\\\1", text).replace("\r", "").replace("\n", "\\n")


def _rich(markdown: str) -> str:
    # in Moodle's Markdown a backslash before a bracket is eaten, so that it takes two
    tex = MATHS.sub(
        lambda match: parenthesised(match[1] or match[2]).replace("\\", "\\\\"), markdown
    )
    return escaped(tex)


def _entry(question: AnyQuestion, warnings: Warnings) -> str | None:
    if question.points != 1:
        warnings.add(question.id, f"points ({question.points:g}) left out: GIFT knows none")
    answers = _answers(question, warnings)
    if answers is None:
        return None
    if question.explanation:
        answers += f"####{_rich(question.explanation)}\n"
    head = f"// [id:{question.id}]\n::{escaped(_line(question.title or question.id))}::[markdown]"
    if question.type == "fill_in":
        before, after = question.text.split(f"[[{gaps(question.text)[0]}]]")
        return f"{head}{_rich(before)}{{\n{answers}}}{_rich(after)}"
    return f"{head}{_rich(question.text)}{{\n{answers}}}"


def _feedback(text: str) -> str:
    return f"#{_rich(text)}" if text else ""


def _answers(question: Any, warnings: Warnings) -> str | None:
    writer = _WRITERS.get(question.type)
    typed = [getattr(question, name, ()) for name in ("accept", "mistakes", "blanks")]
    if question.type in {"short_answer", "fill_in"} and "->" in repr(typed):
        warnings.add(question.id, "-> would make it a matching question")
        return None
    return None if writer is None else writer(question, warnings)


def _single(question: Any, warnings: Warnings) -> str:
    return "".join(
        f"{'=' if option.correct else '~'}{_rich(option.text)}{_feedback(option.feedback)}\n"
        for option in question.options
    )


def _multiple(question: Any, warnings: Warnings) -> str | None:
    share = FRACTIONS.get(sum(option.correct for option in question.options))
    if share is None:
        return None
    return "".join(
        f"~%{'' if option.correct else '-'}{share}%{_rich(option.text)}"
        f"{_feedback(option.feedback)}\n"
        for option in question.options
    )


def _truth(question: Any, warnings: Warnings) -> str:
    return ("T" if question.answer else "F") + _feedback(question.feedback) + "\n"


def _number(question: Any, warnings: Warnings) -> str:
    if question.unit:
        warnings.add(question.id, f"the unit {question.unit!r} left out: GIFT knows none")
    reach = decimal(question.tolerance or 0)
    if not question.mistakes:
        return f"#{decimal(question.answer)}:{reach}\n"
    lines = [f"={decimal(question.answer)}:{reach}"]
    lines += [
        f"=%0%{decimal(mistake.value)}:{reach}{_feedback(mistake.feedback)}"
        for mistake in question.mistakes
    ]
    return "#\n" + "\n".join(lines) + "\n"


def _short(question: Any, warnings: Warnings) -> str:
    if question.case:
        warnings.add(question.id, "case left out: GIFT does not say whether it counts")
    lines = [f"=%100%{escaped(_starred(text))}" for text in question.accept]
    lines += [
        f"=%0%{escaped(_starred(text))}{_feedback(mistake.feedback)}"
        for mistake in question.mistakes
        for text in mistake.accept
    ]
    return "\n".join(lines) + "\n"


def _starred(text: str) -> str:
    return text.replace("*", "\\*")


def _fill_in(question: Any, warnings: Warnings) -> str | None:
    if len(question.blanks) != 1:
        return None
    if question.blanks[0].feedback:
        warnings.add(question.id, "feedback left out: GIFT has no place for it in a gap")
    return "".join(f"=%100%{escaped(_starred(text))}\n" for text in question.blanks[0].accept)


def _matching(question: Any, warnings: Warnings) -> str:
    texts = {choice.id: choice.text for choice in question.choices}
    used = {prompt.match for prompt in question.prompts}
    if any("->" in prompt.text for prompt in question.prompts):
        warnings.add(question.id, "-> on the left is written →: to GIFT it parts left from right")
    left = [_rich(prompt.text.replace("->", "→")) for prompt in question.prompts]
    right = [_rich(texts[prompt.match]) for prompt in question.prompts]
    lines = [f"={one} -> {other}" for one, other in zip(left, right, strict=True)]
    lines += [f"= -> {_rich(text)}" for name, text in texts.items() if name not in used]
    return "\n".join(lines) + "\n"


def _essay(question: Any, warnings: Warnings) -> str:
    return ""


_WRITERS = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _truth,
    "numeric": _number,
    "short_answer": _short,
    "fill_in": _fill_in,
    "matching": _matching,
    "free_text": _essay,
}
