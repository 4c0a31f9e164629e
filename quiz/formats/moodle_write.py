r"""Writing Moodle XML, as Moodle's own importer demands it.

A name for each question is mandatory, fractions come from Moodle's list only, tolerances are
absolute, and texts are HTML in which Moodle shows maths between `\(` and `\)`.
"""

from __future__ import annotations

from html import escape
from typing import Any
from xml.etree import ElementTree as ET

from quiz.check import gaps
from quiz.formats.common import Exported, Warnings, clean, decimal, settled
from quiz.formats.markup import to_html
from quiz.model import AnyQuestion, Quiz
from quiz.plaintext import plain

FRACTIONS = {
    1: "100", 2: "50", 3: "33.33333", 4: "25", 5: "20", 6: "16.66667", 7: "14.28571", 8: "12.5",
    9: "11.11111", 10: "10", 20: "5",
}  # fmt: skip
KINDS = {
    "single_choice": "multichoice",
    "multiple_choice": "multichoice",
    "true_false": "truefalse",
    "numeric": "numerical",
    "short_answer": "shortanswer",
    "ordering": "ordering",
    "matching": "matching",
    "fill_in": "cloze",
    "free_text": "essay",
}


def write(quiz: Quiz, student: str) -> Exported:
    """A quiz as Moodle XML.

    Args:
        quiz: The quiz with its key.
        student: Whose numbers to take where numbers are drawn.
    """
    warnings = Warnings()
    if quiz.text:
        warnings.add("", "the text before the first question is left out")
    made = settled(quiz, student, warnings, lost=("reread",))
    root = ET.Element("quiz")
    category = ET.SubElement(root, "question", type="category")
    _text(category, "category", f"$course$/top/{quiz.title or quiz.quiz}".replace("//", "/"))
    _text(category, "idnumber", quiz.quiz, wrapped=False)
    for question in made.questions:
        _question(root, question, warnings)
    ET.indent(root)
    content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Exported(content + b"\n", ".xml", warnings.all())


def _text(parent: ET.Element, tag: str, text: str, wrapped: bool = True, **attributes: str) -> Any:
    element = ET.SubElement(parent, tag, attributes)
    inner = ET.SubElement(element, "text") if wrapped else element
    inner.text = clean(text)
    return element


def _html(parent: ET.Element, tag: str, markdown: str) -> ET.Element:
    element: ET.Element = _text(parent, tag, to_html(markdown), format="html")
    return element


def _question(root: ET.Element, question: AnyQuestion, warnings: Warnings) -> None:
    right = sum(option.correct for option in getattr(question, "options", ()))
    if question.type == "multiple_choice" and right not in FRACTIONS:
        warnings.add(question.id, f"left out: Moodle knows no fraction for {right} right options")
        return
    element = ET.SubElement(root, "question", type=KINDS[question.type])
    _text(element, "name", question.title or question.id)
    if question.type == "fill_in":
        _text(element, "questiontext", _cloze(question, warnings), format="html")
    else:
        _html(element, "questiontext", question.text)
    _html(element, "generalfeedback", question.explanation)
    ET.SubElement(element, "defaultgrade").text = decimal(question.points)
    ET.SubElement(element, "penalty").text = "0.3333333"
    ET.SubElement(element, "hidden").text = "0"
    _text(element, "idnumber", question.id, wrapped=False)
    if any(plain(c.text, 10_000) != c.text for c in getattr(question, "choices", ())):
        warnings.add(question.id, "the right sides lose their markup: Moodle's are plain text")
    _WRITERS[question.type](element, question)
    for hint in question.hints:
        _html(element, "hint", hint)


def _answer(parent: ET.Element, text: str, fraction: str, feedback: str, html: bool = True) -> Any:
    answer = ET.SubElement(parent, "answer", fraction=fraction)
    if html:
        answer.set("format", "html")
    ET.SubElement(answer, "text").text = to_html(text) if html else clean(text)
    _html(answer, "feedback", feedback)
    return answer


def _choice(element: ET.Element, question: Any) -> None:
    single = question.type == "single_choice"
    share = FRACTIONS[max(1, sum(option.correct for option in question.options))]
    ET.SubElement(element, "single").text = "true" if single else "false"
    ET.SubElement(element, "shuffleanswers").text = "false" if question.fixed else "true"
    ET.SubElement(element, "answernumbering").text = "none"
    for option in question.options:
        wrong = "0" if single else f"-{share}"
        _answer(element, option.text, share if option.correct else wrong, option.feedback)


def _truth(element: ET.Element, question: Any) -> None:
    for value in (True, False):
        right = value == question.answer
        feedback = "" if right else question.feedback
        _answer(element, str(value).lower(), "100" if right else "0", feedback, html=False)


def _number(element: ET.Element, question: Any) -> None:
    made = [(question.answer, "100", "")]
    made += [(mistake.value, "0", mistake.feedback) for mistake in question.mistakes]
    for value, fraction, feedback in made:
        answer = _answer(element, decimal(value), fraction, feedback, html=False)
        ET.SubElement(answer, "tolerance").text = decimal(question.tolerance or 0)
    if question.unit:
        units = ET.SubElement(element, "units")
        unit = ET.SubElement(units, "unit")
        ET.SubElement(unit, "multiplier").text = "1"
        ET.SubElement(unit, "unit_name").text = clean(question.unit)
        ET.SubElement(element, "unitgradingtype").text = "0"
        ET.SubElement(element, "showunits").text = "1"


def _short(element: ET.Element, question: Any) -> None:
    ET.SubElement(element, "usecase").text = "1" if question.case else "0"
    for text in question.accept:
        _answer(element, _starred(text), "100", "", html=False)
    for mistake in question.mistakes:
        for text in mistake.accept:
            _answer(element, _starred(text), "0", mistake.feedback, html=False)


def _starred(text: str) -> str:
    """A short answer in which a star is a star: to Moodle it is a wildcard."""
    return text.replace("*", "\\*")


def _ordering(element: ET.Element, question: Any) -> None:
    ET.SubElement(element, "layouttype").text = "VERTICAL"
    ET.SubElement(element, "selecttype").text = "ALL"
    # relative to the next one only: what our own marking counts
    ET.SubElement(element, "gradingtype").text = "RELATIVE_NEXT_EXCLUDE_LAST"
    for position, item in enumerate(question.items, 1):
        _answer(element, item.text, str(position), "")


def _matching(element: ET.Element, question: Any) -> None:
    ET.SubElement(element, "shuffleanswers").text = "false" if question.fixed else "true"
    # the right sides go into a menu, which shows plain text only
    texts = {choice.id: plain(choice.text, 10_000) for choice in question.choices}
    used = set()
    for prompt in question.prompts:
        sub = ET.SubElement(element, "subquestion", format="html")
        ET.SubElement(sub, "text").text = to_html(prompt.text)
        _text(sub, "answer", texts[prompt.match])
        used.add(prompt.match)
    for choice in question.choices:
        if choice.id not in used:
            sub = ET.SubElement(element, "subquestion", format="html")
            ET.SubElement(sub, "text")
            _text(sub, "answer", texts[choice.id])


def _cloze(question: Any, warnings: Warnings) -> str:
    """The HTML with its gaps as Moodle writes them: `{1:SHORTANSWER:=right}`."""
    if question.points != len(question.blanks):
        warnings.add(question.id, "points left out: a cloze is worth a point a gap")
    html = to_html(question.text)
    blanks = {blank.id: blank for blank in question.blanks}
    for name in gaps(question.text):
        answers = "~".join(f"={_cloze_escaped(word)}" for word in blanks[name].accept)
        if blanks[name].feedback:
            answers += f"~*#{_cloze_escaped(blanks[name].feedback)}"
        # ids do not fit into a cloze; they come back as gap-1, gap-2
        gap = escape(f"{{1:SHORTANSWER:{answers}}}", quote=False)
        html = html.replace(f"[[{name}]]", gap)
    return html


def _cloze_escaped(text: str) -> str:
    for character in '\\}#~/"':
        text = text.replace(character, f"\\{character}")
    return text


def _essay(element: ET.Element, question: Any) -> None:
    ET.SubElement(element, "responseformat").text = "plain"
    ET.SubElement(element, "responserequired").text = "1"
    ET.SubElement(element, "responsefieldlines").text = "10"
    rubric = "\n".join(f"- {concept.text or concept.id}" for concept in question.concepts)
    _html(element, "graderinfo", rubric)


_WRITERS = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _truth,
    "numeric": _number,
    "short_answer": _short,
    "ordering": _ordering,
    "matching": _matching,
    "fill_in": lambda element, question: None,
    "free_text": _essay,
}
