"""Reading Moodle XML, Moodle's own or ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

from quiz import model
from quiz.formats.common import FormatError, Imported, Names, Warnings, number_of
from quiz.formats.markup import from_plain, to_markdown
from quiz.formats.xmlread import child_text, parse

_GAP = re.compile(
    r"\{\d*:(?:SHORTANSWER|SHORTANSWER_C|SA|SAC|MW|MWC):((?:\\.|[^\\}])*)\}", re.DOTALL
)
_MARK = "\ue010"


def read(content: bytes) -> Imported:
    """A quiz from Moodle XML.

    Raises:
        FormatError: It is no Moodle XML.
    """
    root = parse(content)
    if root.tag != "quiz":
        raise FormatError(f"the root must be <quiz>, found <{root.tag}>")
    warnings, names = Warnings(), Names()
    name, title, questions = "imported", "", []
    for position, element in enumerate(root.iter("question"), 1):
        if element.get("type") == "category":
            title = child_text(element, "category/text").rpartition("/")[2] or title
            name = child_text(element, "idnumber") or name
            continue
        question = _question(element, position, names, warnings)
        if question is not None:
            questions.append(question)
    quiz = model.Quiz(quiz=Names().make(name, "imported"), title=title, questions=tuple(questions))
    return Imported(quiz, warnings.all())


def _question(element: Element, position: int, names: Names, warnings: Warnings) -> Any:
    kind = element.get("type", "")
    title = child_text(element, "name/text").strip()
    wished = child_text(element, "idnumber") or title
    label = wished or f"question {position}"
    reader = _READERS.get(kind)
    if reader is None:
        warnings.add(label, f"left out: type {kind!r} is not read")
        return None
    try:
        special = reader(element, label, warnings)
        common = _common(element)
    except FormatError as error:
        warnings.add(label, f"left out: {error}")
        return None
    if special is None:
        return None
    make, fields = special
    return make(**{**common, "id": names.make(wished, f"question-{position}"), **fields})


def _common(element: Element) -> dict[str, Any]:
    name = child_text(element, "name/text").strip()
    identifier = child_text(element, "idnumber")
    return {
        "title": "" if name == identifier else name,
        "text": _rich(element.find("questiontext")) or "(no text)",
        "points": max(0.0, float(number_of(child_text(element, "defaultgrade") or "1"))),
        "explanation": _rich(element.find("generalfeedback")),
        "hints": tuple(filter(None, (_rich(hint) for hint in element.findall("hint")))),
    }


def _rich(element: Element | None, default: str = "html") -> str:
    """A text element as Markdown, by the format that it says it is in."""
    if element is None:
        return ""
    text = child_text(element, "text")
    form = element.get("format", default)
    if form == "markdown":
        return text.strip()
    return from_plain(text) if form == "plain_text" else to_markdown(text)


def _fraction(answer: Element) -> float:
    return float(number_of(answer.get("fraction") or "0"))


def _feedback(answer: Element) -> str:
    return _rich(answer.find("feedback"))


def _choice(element: Element, label: str, warnings: Warnings) -> Any:
    names, answers = Names(), element.findall("answer")
    right = [answer for answer in answers if _fraction(answer) > 0]
    single = child_text(element, "single").strip() not in {"false", "0"}
    options = tuple(
        model.Option(
            id=names.make("", f"option-{position}"),
            text=_rich(answer) or "(no text)",
            correct=_fraction(answer) >= 99.9 if single else answer in right,
            feedback=_feedback(answer),
        )
        for position, answer in enumerate(answers, 1)
    )
    if single and sum(option.correct for option in options) != 1:
        raise FormatError("not exactly one answer is worth 100")
    if not right or len(options) < 2:
        raise FormatError("no answer is right, or there is only one")
    if any(0 < _fraction(a) < 99.9 for a in answers) and single:
        warnings.add(label, "answers that are partly right count as wrong here")
    if not single and len({round(_fraction(answer), 3) for answer in right}) > 1:
        warnings.add(label, "all right options are worth the same here")
    fixed = child_text(element, "shuffleanswers").strip() in {"false", "0"}
    kind = model.SingleChoice if single else model.MultipleChoice
    return kind, {"options": options, "fixed": fixed}


def _truth(element: Element, label: str, warnings: Warnings) -> Any:
    by_name = {child_text(a, "text").strip().lower(): a for a in element.findall("answer")}
    if set(by_name) != {"true", "false"}:
        raise FormatError("its answers are not true and false")
    answer = _fraction(by_name["true"]) > 0
    wrong = by_name["false" if answer else "true"]
    return model.TrueFalse, {"answer": answer, "feedback": _feedback(wrong)}


def _number(element: Element, label: str, warnings: Warnings) -> Any:
    answers = [a for a in element.findall("answer") if child_text(a, "text").strip() != "*"]
    right = [answer for answer in answers if _fraction(answer) >= 99.9]
    if not right:
        raise FormatError("no answer is worth 100")
    if len(right) > 1:
        warnings.add(label, "only the first of several right numbers is kept")
    key = number_of(child_text(right[0], "text"))
    reach = float(number_of(child_text(right[0], "tolerance") or "0"))
    names = Names()
    wrong = [answer for answer in answers if answer not in right]
    mistakes = tuple(
        model.Mistake(
            id=names.make("", f"mistake-{position}"),
            value=number_of(child_text(answer, "text")),
            feedback=_feedback(answer) or "That is not it.",
        )
        for position, answer in enumerate(wrong, 1)
        if number_of(child_text(answer, "text")) != key
    )
    unit = child_text(element, "units/unit/unit_name").strip()
    return model.Numeric, {
        "answer": key,
        "tolerance": abs(reach) or None,
        "mistakes": mistakes,
        "unit": _known_unit(unit, label, warnings),
    }


def _known_unit(unit: str, label: str, warnings: Warnings) -> str:
    from quiz.units import UnitError, check_unit

    try:
        check_unit(unit)
    except UnitError:
        warnings.add(label, f"the unit {unit!r} is not known here and left out")
        return ""
    return unit


def _short(element: Element, label: str, warnings: Warnings) -> Any:
    answers = [(_plain(a), _fraction(a), _feedback(a)) for a in element.findall("answer")]
    answers = [answer for answer in answers if answer[0] and answer[0] != "*"]
    right = tuple(text for text, fraction, _ in answers if fraction >= 99.9)
    if not right:
        raise FormatError("no answer is worth 100")
    grouped: dict[str, list[str]] = {}
    for text, fraction, feedback in answers:
        if fraction < 99.9:
            grouped.setdefault(feedback or "That is not it.", []).append(text)
        if 0 < fraction < 99.9:
            warnings.add(label, "answers that are partly right count as wrong here")
    mistakes = tuple(
        model.WrongText(id=f"mistake-{position}", accept=tuple(texts), feedback=feedback)
        for position, (feedback, texts) in enumerate(grouped.items(), 1)
    )
    case = child_text(element, "usecase").strip() == "1"
    return model.ShortAnswer, {"accept": right, "mistakes": mistakes, "case": case}


def _plain(answer: Element) -> str:
    return child_text(answer, "text").replace("\\*", "*").strip()


def _ordering(element: Element, label: str, warnings: Warnings) -> Any:
    answers = sorted(element.findall("answer"), key=_fraction)
    items = tuple(
        model.Item(id=f"item-{position}", text=_rich(answer) or "(no text)")
        for position, answer in enumerate(answers, 1)
    )
    if len(items) < 2:
        raise FormatError("there are not two items to order")
    return model.Ordering, {"items": items}


def _matching(element: Element, label: str, warnings: Warnings) -> Any:
    pairs = [
        (_rich(sub), from_plain(child_text(sub, "answer/text")))
        for sub in element.findall("subquestion")
    ]
    texts = list(dict.fromkeys(right for _, right in pairs if right))
    if len(texts) < 2:
        raise FormatError("there are not two right sides to choose from")
    choices = {text: f"choice-{position}" for position, text in enumerate(texts, 1)}
    prompts = tuple(
        model.Prompt(id=f"prompt-{position}", text=left, match=choices[right])
        for position, (left, right) in enumerate((p for p in pairs if p[0] and p[1]), 1)
    )
    if not prompts:
        raise FormatError("there is nothing to match")
    fixed = child_text(element, "shuffleanswers").strip() in {"false", "0"}
    items = tuple(model.Item(id=name, text=text) for text, name in choices.items())
    return model.Matching, {"prompts": prompts, "choices": items, "fixed": fixed}


def _cloze(element: Element, label: str, warnings: Warnings) -> Any:
    blanks: list[model.Blank] = []

    def gap(match: re.Match[str]) -> str:
        accept, feedback = _gap_answers(unescape(match[1]), label, warnings)
        blanks.append(model.Blank(id=f"gap-{len(blanks) + 1}", accept=accept, feedback=feedback))
        return f"{_MARK}{len(blanks)}{_MARK}"

    html = _GAP.sub(gap, child_text(element, "questiontext/text"))
    if not blanks or any(not blank.accept for blank in blanks):
        raise FormatError("it has no gap that takes a word, or one without a right answer")
    if re.search(r"\{\d*:[A-Z_]+:", html):
        raise FormatError("it has gaps of other kinds than short answers")
    text = re.sub(f"{_MARK}(\\d+){_MARK}", r"[[gap-\1]]", to_markdown(html))
    return model.FillIn, {"text": text, "blanks": tuple(blanks), "points": float(len(blanks))}


def _gap_answers(source: str, label: str, warnings: Warnings) -> tuple[tuple[str, ...], str]:
    accept, said = [], ""
    for entry in re.split(r"(?<!\\)~", source):
        text, _, feedback = re.sub(r"\\#", "\ue012", entry).partition("#")
        text, feedback = (_unescaped(part.replace("\ue012", "\\#")) for part in (text, feedback))
        if text.startswith("=") or text.startswith("%100%"):
            accept.append(text.removeprefix("=").removeprefix("%100%").strip())
        elif text.strip() == "*" and feedback:
            said = feedback
        elif text.strip():
            warnings.add(label, "wrong answers of a gap are left out")
    return tuple(filter(None, accept)), from_plain(said)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _essay(element: Element, label: str, warnings: Warnings) -> Any:
    notes = _rich(element.find("graderinfo"))
    lines = [line[2:].strip() for line in notes.split("\n") if line.startswith("- ")]
    texts = lines or [notes or "what the answer must say"]
    warnings.add(label, "needs rules for its concepts before it can be marked here")
    concepts = (model.Concept(id=f"concept-{n}", text=text) for n, text in enumerate(texts, 1))
    return model.FreeText, {"concepts": tuple(concepts)}


_READERS: dict[str, Callable[[Element, str, Warnings], Any]] = {
    "multichoice": _choice,
    "truefalse": _truth,
    "numerical": _number,
    "shortanswer": _short,
    "ordering": _ordering,
    "matching": _matching,
    "cloze": _cloze,
    "essay": _essay,
}
