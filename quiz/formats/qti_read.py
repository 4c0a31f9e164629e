"""Reading a QTI 1.2 package: Canvas' classic quizzes, as text2qti writes them, and ours."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from quiz import model
from quiz.formats.common import MAX_BYTES, FormatError, Imported, Names, Warnings, number_of
from quiz.formats.markup import to_markdown
from quiz.formats.xmlread import child_text, parse, without_namespaces

MAX_FILES = 2000
RESOURCE = "imsqti_xmlv1p2"


def read(content: bytes) -> Imported:
    """A quiz from a QTI 1.2 zip, or from the assessment's XML alone.

    Raises:
        FormatError: It is neither, or its manifest and its files do not agree.
    """
    xml = _from_zip(content) if content[:2] == b"PK" else content
    root = without_namespaces(parse(xml))
    if root.tag != "questestinterop":
        raise FormatError(f"the root must be <questestinterop>, found <{root.tag}>")
    warnings, names = Warnings(), Names()
    assessment = root.find("assessment")
    title = assessment.get("title", "") if assessment is not None else ""
    identifier = assessment.get("ident", "") if assessment is not None else ""
    questions = []
    for position, item in enumerate(root.iter("item"), 1):
        label = item.get("title") or item.get("ident") or f"item {position}"
        try:
            questions.append(_question(item, position, names, label, warnings))
        except FormatError as error:
            warnings.add(label, f"left out: {error}")
    quiz = model.Quiz(
        quiz=Names().make(identifier, "imported"), title=title, questions=tuple(questions)
    )
    return Imported(quiz, warnings.all())


# zipfile lets errors of what it reads a directory with through as they are.
_BROKEN_ZIP = (
    *(zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError),
    *(UnicodeDecodeError, struct.error, OverflowError),
)


def _from_zip(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            if len(entries) > MAX_FILES:
                raise FormatError(f"more than {MAX_FILES} files in the zip")
            root = without_namespaces(parse(_member(package, "imsmanifest.xml")))
            return _member(package, _assessment_path(root))
    except _BROKEN_ZIP as error:
        raise FormatError(f"the zip cannot be read: {error}") from None


def _member(package: zipfile.ZipFile, path: str) -> bytes:
    """A file of a zip, read no further than it may be large, whatever the zip says it is."""
    import zlib

    try:
        with package.open(path) as stream:
            content = stream.read(MAX_BYTES + 1)
    except KeyError:
        raise FormatError(f"{path!r} is not in the zip") from None
    except (zlib.error, ValueError) as error:
        raise FormatError(f"{path!r} cannot be read: {error}") from None
    if len(content) > MAX_BYTES:
        raise FormatError(f"{path!r} is larger than {MAX_BYTES} bytes")
    return content


def _assessment_path(manifest: Element) -> str:
    resources = {entry.get("identifier"): entry for entry in manifest.iter("resource")}
    for entry in resources.values():
        if entry.get("type") == RESOURCE:
            for dependency in entry.findall("dependency"):
                if dependency.get("identifierref") not in resources:
                    reference = dependency.get("identifierref")
                    raise FormatError(f"the manifest depends on {reference!r}, which is not there")
            file = entry.find("file")
            href = file.get("href") if file is not None else entry.get("href")
            if href:
                return href
    raise FormatError(f"the manifest names no resource of type {RESOURCE}")


def _metadata(item: Element) -> dict[str, str]:
    return {
        child_text(field, "fieldlabel"): child_text(field, "fieldentry")
        for field in item.iter("qtimetadatafield")
    }


def _material(element: Element | None) -> str:
    """The text of an element's material as Markdown; plain text stays as it is."""
    mattext = element.find("material/mattext") if element is not None else None
    if mattext is None:
        return ""
    return to_markdown(mattext.text or "")


def _question(
    item: Element, position: int, names: Names, label: str, warnings: Warnings
) -> model.AnyQuestion:
    about = _metadata(item)
    kind = about.get("question_type", "")
    reader = _READERS.get(kind)
    if reader is None:
        raise FormatError(f"question_type {kind!r} is not read")
    make, fields = reader(item, label, warnings)
    ident, title = item.get("ident", ""), item.get("title", "")
    title = "" if title == "Question" else title  # what text2qti calls every question
    wished = ident if not ident.startswith("text2qti_") else title
    name = names.make(wished.removeprefix("_"), f"question-{position}")
    common = {
        "id": name,
        "title": "" if title == name else title,
        "text": _material(item.find("presentation")) or "(no text)",
        "points": max(0.0, float(number_of(about.get("points_possible") or "1"))),
        "explanation": _feedbacks(item).get("general_fb", ""),
    }
    made: model.AnyQuestion = make(**{**common, **fields})
    return made


def _feedbacks(item: Element) -> dict[str, str]:
    said = {}
    for entry in item.iter("itemfeedback"):
        mattext = next(entry.iter("mattext"), None)
        text = to_markdown(mattext.text or "") if mattext is not None else ""
        said[entry.get("ident", "")] = text
    return said


def _scoring(item: Element) -> list[Element]:
    """The conditions that give points: without one, an item has no key."""
    found = [
        condition
        for condition in item.iter("respcondition")
        if any(_positive(setvar.text) for setvar in condition.findall("setvar"))
    ]
    if not found:
        raise FormatError("it has no key: nothing sets a positive score")
    return found


def _positive(text: str | None) -> bool:
    try:
        return number_of(text or "") > 0
    except FormatError:
        return False


def _labels(response: Element) -> dict[str, str]:
    return {
        label.get("ident", ""): _material(label) or "(no text)"
        for label in response.iter("response_label")
    }


def _values(element: Element) -> list[str]:
    return [(entry.text or "").strip() for entry in element.iter("varequal")]


def _choice(item: Element, label: str, warnings: Warnings) -> Any:
    single = _metadata(item)["question_type"] != "multiple_answers_question"
    response = item.find("presentation/response_lid")
    if response is None:
        raise FormatError("it has no choices")
    condition = _scoring(item)[0].find("conditionvar")
    right = set(_values(condition) if condition is not None else ())
    for negated in condition.iter("not") if condition is not None else ():
        right -= set(_values(negated))
    labels, said = _labels(response), _feedbacks(item)
    if right - set(labels):
        raise FormatError(f"its key names {sorted(right - set(labels))[0]!r}, which is no choice")
    names = Names()
    options = tuple(
        model.Option(
            id=names.make(_own(ident), f"option-{position}"),
            text=text,
            correct=ident in right,
            feedback=said.get(f"{ident}_fb", ""),
        )
        for position, (ident, text) in enumerate(labels.items(), 1)
    )
    if len(options) < 2 or not right or (single and len(right) != 1):
        raise FormatError(f"{len(right)} of {len(options)} options are right")
    return (model.SingleChoice if single else model.MultipleChoice), {"options": options}


def _own(ident: str) -> str:
    """An id worth keeping: text2qti's and Canvas' own are long numbers."""
    return "" if re.search(r"[0-9a-f]{8}|^\d+$", ident) else ident.removeprefix("_")


def _truth(item: Element, label: str, warnings: Warnings) -> Any:
    make, fields = _choice(item, label, warnings)
    by_text = {option.text.strip().lower(): option for option in fields["options"]}
    if set(by_text) != {"true", "false"}:
        return make, fields
    answer = by_text["true"].correct
    wrong = by_text["false" if answer else "true"]
    return model.TrueFalse, {"answer": answer, "feedback": wrong.feedback}


def _number(item: Element, label: str, warnings: Warnings) -> Any:
    condition = _scoring(item)[0]
    exact = [number_of(text) for text in _values(condition)]
    low = [number_of(entry.text or "") for entry in condition.iter("vargte")]
    high = [number_of(entry.text or "") for entry in condition.iter("varlte")]
    if not (exact or (low and high)):
        raise FormatError("it has no number as its key")
    key = exact[0] if exact else (low[0] + high[0]) / 2
    reach = _reach(key, low, high)
    if len(_scoring(item)) > 1:
        warnings.add(label, "only the first of several right numbers is kept")
    return model.Numeric, {"answer": key, "tolerance": reach or None}


def _reach(key: Any, low: list[Any], high: list[Any]) -> float:
    from fractions import Fraction

    if not (low and high):
        return 0.0
    return float(abs(Fraction(str(high[0])) - Fraction(str(key))))


def _short(item: Element, label: str, warnings: Warnings) -> Any:
    accept = tuple(dict.fromkeys(text for c in _scoring(item) for text in _values(c) if text))
    if not accept:
        raise FormatError("it has no text as its key")
    return model.ShortAnswer, {"accept": accept}


def _pairs(item: Element) -> dict[str, list[str]]:
    """Which values score, by response."""
    pairs: dict[str, list[str]] = {}
    for condition in _scoring(item):
        for entry in condition.iter("varequal"):
            pairs.setdefault(entry.get("respident", ""), []).append((entry.text or "").strip())
    return pairs


def _matching(item: Element, label: str, warnings: Warnings) -> Any:
    pairs = _pairs(item)
    choices: dict[str, model.Item] = {}
    prompts: list[model.Prompt] = []
    names = Names()
    for response in item.iter("response_lid"):
        for ident, text in _labels(response).items():
            if ident not in choices:
                choices[ident] = model.Item(
                    id=names.make(_own(ident), f"choice-{len(choices) + 1}"), text=text
                )
        own = response.get("ident", "")
        match = (pairs.get(own) or [""])[0]
        if match not in choices:
            raise FormatError(f"its key for {own!r} names {match!r}, which is no choice")
        name = _own(own.removeprefix("response_")) or f"prompt-{len(prompts) + 1}"
        text = _material(response) or "(no text)"
        prompts.append(model.Prompt(id=name, text=text, match=choices[match].id))
    if not prompts or len(choices) < 2:
        raise FormatError("there is nothing to match")
    return model.Matching, {"prompts": tuple(prompts), "choices": tuple(choices.values())}


def _blanks(item: Element, label: str, warnings: Warnings) -> Any:
    pairs = _pairs(item)
    blanks: list[model.Blank] = []
    text = _material(item.find("presentation"))
    names = Names()
    for response in item.iter("response_lid"):
        labels = {
            entry.get("ident", ""): child_text(entry, "material/mattext").strip()
            for entry in response.iter("response_label")
        }
        right = [labels.get(value, "") for value in pairs.get(response.get("ident", ""), [])]
        shown = child_text(response, "material/mattext") or response.get("ident", "")
        name = names.make(shown, f"gap-{len(blanks) + 1}")
        written = f"\\[{shown.removeprefix('response_')}\\]"
        if not all(right) or not right or text.count(written) != 1:
            raise FormatError(f"its gap {shown!r} has no key or does not stand once in the text")
        text = text.replace(written, f"[[{name}]]")
        blanks.append(model.Blank(id=name, accept=tuple(right)))
    if not blanks:
        raise FormatError("it has no gaps")
    return model.FillIn, {"text": text, "blanks": tuple(blanks)}


def _essay(item: Element, label: str, warnings: Warnings) -> Any:
    warnings.add(label, "needs rules for its concepts before it can be marked here")
    concept = model.Concept(id="concept-1", text="what the answer must say")
    return model.FreeText, {"concepts": (concept,)}


_READERS: dict[str, Callable[[Element, str, Warnings], Any]] = {
    "multiple_choice_question": _choice,
    "multiple_answers_question": _choice,
    "true_false_question": _truth,
    "numerical_question": _number,
    "short_answer_question": _short,
    "matching_question": _matching,
    "fill_in_multiple_blanks_question": _blanks,
    "essay_question": _essay,
}
