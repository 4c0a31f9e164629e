"""The key and the feedback of a QTI 1.2 item: its `resprocessing`, as Canvas reads it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from xml.etree import ElementTree as ET

from quiz.formats.common import Warnings, clean, decimal, token
from quiz.model import AnyQuestion

Feedback = dict[str, str]


def write(processing: ET.Element, question: AnyQuestion, warnings: Warnings) -> Feedback:
    """Write the conditions under which an item scores and says something.

    Args:
        processing: The item's `resprocessing`.
        question: The question.
        warnings: Told what Canvas has no place for.

    Returns:
        The texts of the item's feedback by their ids: `general_fb`, `general_incorrect_fb`, and
        `<choice>_fb`.
    """
    feedback: Feedback = {}
    if question.explanation:
        feedback["general_fb"] = question.explanation
        _says(processing, "general_fb")
    _WRITERS[question.type](processing, question, feedback, warnings)
    return feedback


def _condition(processing: ET.Element, go_on: bool) -> ET.Element:
    condition = ET.SubElement(processing, "respcondition", {"continue": "Yes" if go_on else "No"})
    return ET.SubElement(condition, "conditionvar")


def _equal(parent: ET.Element, value: str, response: str = "response1") -> None:
    ET.SubElement(parent, "varequal", respident=response).text = clean(value)


def _score(processing: ET.Element, points: str = "100", action: str = "Set") -> None:
    condition = processing[-1]
    ET.SubElement(condition, "setvar", action=action, varname="SCORE").text = points


def _says(processing: ET.Element, name: str, value: str | None = None) -> None:
    variables = _condition(processing, go_on=True)
    if value is None:
        ET.SubElement(variables, "other")
    else:
        _equal(variables, value)
    ET.SubElement(processing[-1], "displayfeedback", feedbacktype="Response", linkrefid=name)


def _say_options(processing: ET.Element, question: Any, feedback: Feedback) -> None:
    for option in question.options:
        if option.feedback:
            feedback[f"{token(option.id)}_fb"] = option.feedback
            _says(processing, f"{token(option.id)}_fb", token(option.id))


def _single(processing: ET.Element, question: Any, feedback: Feedback, warnings: Warnings) -> None:
    _say_options(processing, question, feedback)
    for option in question.options:
        if option.correct:
            _equal(_condition(processing, go_on=False), token(option.id))
            _score(processing)


def _multiple(
    processing: ET.Element, question: Any, feedback: Feedback, warnings: Warnings
) -> None:
    _say_options(processing, question, feedback)
    both = ET.SubElement(_condition(processing, go_on=False), "and")
    for option in question.options:
        _equal(both if option.correct else ET.SubElement(both, "not"), token(option.id))
    _score(processing)


def _truth(processing: ET.Element, question: Any, feedback: Feedback, warnings: Warnings) -> None:
    right, wrong = ("true_choice", "false_choice")[:: 1 if question.answer else -1]
    if question.feedback:
        feedback[f"{wrong}_fb"] = question.feedback
        _says(processing, f"{wrong}_fb", wrong)
    _equal(_condition(processing, go_on=False), right)
    _score(processing)


def _number(processing: ET.Element, question: Any, feedback: Feedback, warnings: Warnings) -> None:
    if question.unit:
        warnings.add(question.id, f"the unit {question.unit!r} left out: answers are bare numbers")
    if question.mistakes:
        warnings.add(question.id, "named mistakes left out: Canvas says nothing to wrong numbers")
    key, reach = Fraction(str(question.answer)), Fraction(str(question.tolerance or 0))
    # with varequal alone, Canvas does not take it for a number
    either = ET.SubElement(_condition(processing, go_on=False), "or")
    _equal(either, decimal(question.answer))
    both = ET.SubElement(either, "and")
    ET.SubElement(both, "vargte", respident="response1").text = decimal(key - reach)
    ET.SubElement(both, "varlte", respident="response1").text = decimal(key + reach)
    _score(processing)


def _short(processing: ET.Element, question: Any, feedback: Feedback, warnings: Warnings) -> None:
    if question.case:
        warnings.add(question.id, "case left out: to Canvas capital and small letters are the same")
    if question.mistakes:
        warnings.add(question.id, "named mistakes left out: Canvas says nothing to wrong texts")
    variables = _condition(processing, go_on=False)
    for text in question.accept:
        _equal(variables, text)
    _score(processing)


def _matching(
    processing: ET.Element, question: Any, feedback: Feedback, warnings: Warnings
) -> None:
    share = decimal(round(100 / len(question.prompts), 2))
    for prompt in question.prompts:
        _equal(_condition(processing, True), token(prompt.match), f"response_{prompt.id}")
        _score(processing, share, "Add")


def _blanks(processing: ET.Element, question: Any, feedback: Feedback, warnings: Warnings) -> None:
    share = decimal(round(100 / len(question.blanks), 2))
    for blank in question.blanks:
        if blank.feedback:
            warnings.add(question.id, "feedback of gaps left out: Canvas has no place for it")
        for position in range(1, len(blank.accept) + 1):
            name = f"{token(blank.id)}_{position}"
            _equal(_condition(processing, go_on=True), name, f"response_{blank.id}")
            _score(processing, share, "Add")


def _essay(processing: ET.Element, question: Any, feedback: Feedback, warnings: Warnings) -> None:
    ET.SubElement(_condition(processing, go_on=False), "other")


_WRITERS = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _truth,
    "numeric": _number,
    "short_answer": _short,
    "matching": _matching,
    "fill_in": _blanks,
    "free_text": _essay,
}
