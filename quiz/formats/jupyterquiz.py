"""Writing and reading the JSON of jupyterquiz.

There the first answer that matches wins, ranges are `[a, b)`, and each needs feedback.
"""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

from quiz import model
from quiz.formats.common import (
    MAX_BYTES,
    Exported,
    FormatError,
    Imported,
    Names,
    Warnings,
    number_of,
    settled,
)
from quiz.formats.markup import dollars, to_html, to_markdown

KINDS = {
    "single_choice": "multiple_choice",
    "true_false": "multiple_choice",
    "multiple_choice": "many_choice",
    "numeric": "numeric",
    "short_answer": "string",
}
MAX_DEPTH = 30


def write(quiz: model.Quiz, student: str) -> Exported:
    """A quiz as jupyterquiz reads it.

    Args:
        quiz: The quiz with its key.
        student: Whose numbers to take where numbers are drawn.
    """
    warnings = Warnings()
    if quiz.title or quiz.text:
        warnings.add("", "the title and the text before the first question are left out")
    made = settled(quiz, student, warnings, ("reread", "hints", "explanation"))
    entries = []
    for question in made.questions:
        if question.type not in KINDS:
            warnings.add(question.id, f"left out: jupyterquiz has no {question.type}")
        else:
            entries.append(_entry(question, warnings))
    text = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
    return Exported(text.encode(), ".json", warnings.all())


def _html(markdown: str) -> str:
    return to_html(markdown, dollars)


def _markdown(html: str) -> str:
    return to_markdown(html, dollars_too=True)


def _entry(question: Any, warnings: Warnings) -> dict[str, Any]:
    entry = {
        "id": question.id,
        "title": question.title,
        "type": KINDS[question.type],
        "question": _html(question.text),
    }
    if question.points > 0:
        entry["points"] = question.points
    else:
        warnings.add(question.id, "points left out: jupyterquiz wants more than 0")
    if question.fixed:
        warnings.add(question.id, "fixed left out: jupyterquiz shuffles by a setting of its own")
    entry["answers"] = _ANSWERS[question.type](question, warnings)
    return entry


def _choice(question: Any, warnings: Warnings) -> list[dict[str, Any]]:
    return [
        {"answer": _html(o.text), "correct": o.correct, "feedback": _html(o.feedback)}
        for o in question.options
    ]


def _truth(question: Any, warnings: Warnings) -> list[dict[str, Any]]:
    said = {question.answer: "", not question.answer: _html(question.feedback)}
    return [
        {"answer": word, "correct": value == question.answer, "feedback": said[value]}
        for word, value in (("True", True), ("False", False))
    ]


def _number(question: Any, warnings: Warnings) -> list[dict[str, Any]]:
    if question.unit:
        warnings.add(question.id, f"the unit {question.unit!r} left out: answers are bare numbers")
    key, reach = question.answer, question.tolerance
    answers: list[dict[str, Any]] = [{"value": key, "correct": True, "feedback": "Right."}]
    answers += [
        {"value": mistake.value, "correct": False, "feedback": _html(mistake.feedback)}
        for mistake in question.mistakes
    ]
    if reach:
        low, high = Decimal(repr(key)) - Decimal(repr(reach)), key + reach
        # the upper end does not belong to a range there
        ends = [float(low), math.nextafter(high, math.inf)]
        answers.append({"range": ends, "correct": True, "feedback": "Right."})
    return answers


def _string(question: Any, warnings: Warnings) -> list[dict[str, Any]]:
    made = [(text, True, "Right.") for text in question.accept]
    made += [
        (text, False, _html(mistake.feedback))
        for mistake in question.mistakes
        for text in mistake.accept
    ]
    return [
        {"answer": text, "correct": right, "feedback": said, "match_case": question.case}
        for text, right, said in made
    ]


_ANSWERS = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _truth,
    "numeric": _number,
    "short_answer": _string,
}


def read(content: bytes) -> Imported:
    """A quiz from jupyterquiz's JSON.

    Raises:
        FormatError: It is no list of questions in JSON.
    """
    if len(content) > MAX_BYTES:
        raise FormatError(f"larger than {MAX_BYTES} bytes")
    try:
        entries = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"it is no JSON: {str(error)[:200]}") from None
    if not isinstance(entries, list):
        raise FormatError("it must be a list of questions")
    warnings, names, questions = Warnings(), Names(), []
    for position, entry in enumerate(entries, 1):
        try:
            questions.append(_question(entry, position, names, warnings))
        except (FormatError, TypeError, ValueError, AttributeError, KeyError) as error:
            warnings.add("", f"question {position}: left out: {str(error)[:200]}")
    return Imported(model.Quiz(quiz="imported", questions=tuple(questions)), warnings.all())


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise FormatError(f"{str(value)[:40]!r} is no text")
    return value


def _question(entry: Any, position: int, names: Names, warnings: Warnings) -> Any:
    text, answers = _markdown(_text(entry["question"])), entry["answers"]
    if entry.get("code"):
        text += f"\n\n```\n{_text(entry['code'])}\n```"
    if not isinstance(answers, list) or not all(isinstance(item, dict) for item in answers):
        raise FormatError("its answers are no list of mappings")
    wished = entry.get("id") or entry.get("title") or ""
    label = str(wished)[:60] or f"question {position}"
    make, fields = _READERS[entry["type"]](answers, label, warnings)
    points = entry.get("points", 1)
    return make(
        id=names.make(str(wished), f"question-{position}"),
        title=str(entry.get("title") or ""),
        text=text or "(no text)",
        points=max(0.0, float(number_of(str(points)))),
        **fields,
    )


def _read_choice(answers: list[Any], label: str, warnings: Warnings) -> Any:
    texts = [_text(answer["answer"]) for answer in answers]
    if texts == ["True", "False"] and sum(bool(a["correct"]) for a in answers) == 1:
        wrong = next(answer for answer in answers if not answer["correct"])
        said = _markdown(_text(wrong.get("feedback", "")))
        return model.TrueFalse, {"answer": bool(answers[0]["correct"]), "feedback": said}
    return model.SingleChoice, {"options": _options(answers, exactly_one=True)}


def _read_many(answers: list[Any], label: str, warnings: Warnings) -> Any:
    return model.MultipleChoice, {"options": _options(answers, exactly_one=False)}


def _options(answers: list[Any], exactly_one: bool) -> tuple[model.Option, ...]:
    options = tuple(
        model.Option(
            id=f"option-{position}",
            text=_markdown(_text(answer.get("answer") or answer.get("code"))) or "(no text)",
            correct=answer["correct"] is True,
            feedback=_markdown(_text(answer.get("feedback", ""))),
        )
        for position, answer in enumerate(answers, 1)
    )
    right = sum(option.correct for option in options)
    if len(options) < 2 or right < 1 or (exactly_one and right != 1):
        raise FormatError(f"{right} of {len(options)} options are right")
    return options


def _read_number(answers: list[Any], label: str, warnings: Warnings) -> Any:
    values = [answer for answer in answers if "value" in answer]
    ranges = [answer for answer in answers if "range" in answer and answer["correct"] is True]
    right = [answer for answer in values if answer["correct"] is True]
    reach = None
    if ranges:
        low, high = (float(number_of(str(end))) for end in ranges[0]["range"])
        reach = abs(high - low) / 2 or None
    if right:
        key = number_of(str(right[0]["value"]))
        if ranges and low < key:
            reach = float(Decimal(repr(key)) - Decimal(repr(low)))
    elif ranges:
        key = (low + high) / 2
    else:
        raise FormatError("no number is right")
    if len(right) > 1 or len(ranges) > 1:
        warnings.add(label, "only the first of several right numbers is kept")
    wrong = [answer for answer in values if answer["correct"] is not True]
    mistakes = tuple(
        model.Mistake(
            id=f"mistake-{position}",
            value=number_of(str(answer["value"])),
            feedback=_markdown(_text(answer.get("feedback", ""))) or "That is not it.",
        )
        for position, answer in enumerate(wrong, 1)
    )
    return model.Numeric, {"answer": key, "tolerance": reach, "mistakes": mistakes}


def _read_string(answers: list[Any], label: str, warnings: Warnings) -> Any:
    given = [answer for answer in answers if "answer" in answer]
    right = tuple(_text(answer["answer"]) for answer in given if answer["correct"] is True)
    if not all(right) or not right:
        raise FormatError("no text is right")
    grouped: dict[str, list[str]] = {}
    for answer in given:
        if answer["correct"] is not True and _text(answer["answer"]):
            said = _markdown(_text(answer.get("feedback", ""))) or "That is not it."
            grouped.setdefault(said, []).append(answer["answer"])
    if any("fuzzy_threshold" in answer for answer in given):
        warnings.add(label, "nearly right texts count as wrong here")
    mistakes = tuple(
        model.WrongText(id=f"mistake-{position}", accept=tuple(texts), feedback=said)
        for position, (said, texts) in enumerate(grouped.items(), 1)
    )
    case = any(answer.get("match_case") is True for answer in given)
    return model.ShortAnswer, {"accept": right, "mistakes": mistakes, "case": case}


_READERS = {
    "multiple_choice": _read_choice,
    "many_choice": _read_many,
    "numeric": _read_number,
    "string": _read_string,
}
