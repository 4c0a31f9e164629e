"""Reading GIFT, Moodle's plain-text format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from quiz import model
from quiz.formats.common import (
    MAX_BYTES,
    FormatError,
    Imported,
    Names,
    Warnings,
    harmless,
    number_of,
)
from quiz.formats.markup import from_plain, to_markdown

# escaped characters wait on private ones until the text has been taken apart
_ESCAPED = {character: chr(0xE020 + place) for place, character in enumerate("\\#=~{}:n")}
_PLAIN = {mark: "\n" if char == "n" else char for char, mark in _ESCAPED.items()}
_IDENTIFIER = re.compile(r"\[id:([^\]]{1,100})\]")
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|markdown|moodle|plain)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?[0-9.]{1,12})%")
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#|$)", re.IGNORECASE)
_TEX = re.compile(r"\\\\\((.+?)\\\\\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer of a question: its sign, weight in percent, text and feedback."""

    sign: str
    weight: float | None
    text: str
    feedback: str


def read(content: bytes) -> Imported:
    """A quiz from GIFT.

    Raises:
        FormatError: It is too large or no text in UTF-8.
    """
    if len(content) > MAX_BYTES:
        raise FormatError(f"larger than {MAX_BYTES} bytes")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise FormatError(f"byte {content[error.start]:#04x} is no UTF-8") from None
    warnings, names = Warnings(), Names()
    title, questions = "", []
    for line, identifier, source in _entries(text):
        try:
            question = _question(source, identifier, line, names, warnings)
        except FormatError as error:
            warnings.add("", f"line {line}: left out: {error}")
            continue
        questions.append(question)
    if first := re.match(r"\s*// (.+)\n\s*\n", text):
        title = first[1].strip() if not _IDENTIFIER.search(first[1]) else ""
    quiz = model.Quiz(quiz="imported", title=title, questions=tuple(questions))
    return Imported(quiz, warnings.all())


def _entries(text: str) -> Iterator[tuple[int, str, str]]:
    """The line, the id and the source of each question: they are parted by empty lines."""
    lines: list[str] = []
    identifier, begun = "", 1
    for number, line in enumerate([*text.split("\n"), ""], 1):
        bare = line.strip()
        if bare.startswith("//"):
            if found := _IDENTIFIER.search(bare):
                identifier = found[1]
        elif bare.startswith("$CATEGORY:") and not lines:
            continue
        elif bare or _inside(lines):
            begun = begun if lines else number
            lines.append(line)
        if not bare and lines and not _inside(lines):
            yield begun, identifier, "\n".join(lines)
            lines, identifier = [], ""
    if lines:
        yield begun, identifier, "\n".join(lines)


def _inside(lines: list[str]) -> bool:
    """Whether the answers have begun and not ended, so that an empty line ends nothing."""
    source = re.sub(r"\\.", "", "\n".join(lines[-400:]))
    return len(lines) < 400 and source.count("{") > source.count("}")


def _marked(source: str) -> str:
    return re.sub(r"\\([\\#=~{}:n])", lambda match: _ESCAPED[match[1]], source)


def _unmarked(text: str) -> str:
    return re.sub("[\ue020-\ue027]", lambda match: _PLAIN[match[0]], text)


def _question(
    source: str, identifier: str, line: int, names: Names, warnings: Warnings
) -> model.AnyQuestion:
    text = _marked(re.sub("[\ue000-\ue0ff]", "", source))
    title = ""
    if match := _TITLE.match(text):
        title, text = _unmarked(match[1]).strip(), text[match.end() :]
    form = "moodle"
    if match := _FORMAT.match(text):
        form, text = match[1].lower(), text[match.end() :]
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise FormatError("there is no {answer}")
    before, inner, after = text[:start], text[start + 1 : end], text[end + 1 :]
    if "{" in inner or "}" in inner:
        raise FormatError("there is more than one {answer}")
    inner, _, general = inner.partition("####")
    label = identifier or title or f"line {line}"
    kind, fields = _read_answers(inner.strip(), form, label, warnings)
    body = _rich(before, form)
    if after.strip():
        kind, fields, body = _with_gap(kind, fields, body, _rich(after, form))
    common = {
        "id": names.make(identifier or title, f"line-{line}"),
        "title": "" if title == identifier else title,
        "text": body or "(no text)",
        "explanation": _rich(general, form),
    }
    made: model.AnyQuestion = kind(**{**common, **fields})
    return made


def _rich(text: str, form: str) -> str:
    plain = _unmarked(text).strip()
    if form == "markdown":
        return harmless(_TEX.sub(_latex, plain))
    return from_plain(plain) if form == "plain" else to_markdown(plain)


def _latex(match: re.Match[str]) -> str:
    return "$" + match[1].replace("\\\\", "\\") + "$"


def _with_gap(kind: Any, fields: dict[str, Any], before: str, after: str) -> Any:
    """A question whose answer stands within its text."""
    if kind is model.ShortAnswer:
        blank = model.Blank(id="gap", accept=fields["accept"])
        parts = (part.replace("[[", r"[\[") for part in (before, after))
        return model.FillIn, {"blanks": (blank,)}, " [[gap]] ".join(parts).strip()
    return kind, fields, f"{before} ___ {after}".strip()


def _read_answers(inner: str, form: str, label: str, warnings: Warnings) -> tuple[Any, Any]:
    if not inner:
        warnings.add(label, "needs rules for its concepts before it can be marked here")
        concept = model.Concept(id="concept-1", text="what the answer must say")
        return model.FreeText, {"concepts": (concept,)}
    if inner.startswith("#"):
        return _numeric(inner[1:].strip(), form, label, warnings)
    if match := _TRUTH.match(inner):
        wrong = inner.partition("#")[2].partition("#")[0]
        answer = match[1].upper().startswith("T")
        return model.TrueFalse, {"answer": answer, "feedback": _rich(wrong, form)}
    answers = list(_split(inner, form))
    if not answers:
        raise FormatError("its answers begin with neither = nor ~")
    if all(a.sign == "=" and "->" in a.text for a in answers):
        return _matching(answers, form)
    if any(answer.sign == "~" for answer in answers):
        return _choice(answers, form, label, warnings)
    return _short(answers, label, warnings)


def _split(inner: str, form: str) -> Iterator[_Answer]:
    pieces = re.split(r"([=~])", inner)
    if pieces[0].strip():
        raise FormatError("its answers begin with neither = nor ~")
    for sign, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        weight = None
        if match := _WEIGHT.match(piece):
            weight, piece = float(number_of(match[1])), piece[match.end() :]  # noqa: PLW2901
        text, _, feedback = piece.partition("#")
        yield _Answer(sign, weight, text.strip(), _rich(feedback, form))


def _numeric(inner: str, form: str, label: str, warnings: Warnings) -> tuple[Any, Any]:
    if not inner.startswith(("=", "~")):
        inner = "=" + inner
    answers = list(_split(inner, form))
    right = [answer for answer in answers if answer.weight in (None, 100) and answer.sign == "="]
    if not right:
        raise FormatError("no number is right")
    if len(right) > 1:
        warnings.add(label, "only the first of several right numbers is kept")
    key, reach = _number(right[0].text)
    mistakes = tuple(
        model.Mistake(
            id=f"mistake-{position}",
            value=_number(answer.text)[0],
            feedback=answer.feedback or "That is not it.",
        )
        for position, answer in enumerate((a for a in answers if a not in right), 1)
        if answer.text.strip() not in {"", "*"} and _number(answer.text)[0] != key
    )
    return model.Numeric, {"answer": key, "tolerance": reach or None, "mistakes": mistakes}


def _number(text: str) -> tuple[int | float, float]:
    if ".." in text:
        low, high = (number_of(part) for part in text.split("..", 1))
        return (low + high) / 2, abs(high - low) / 2
    value, _, reach = text.partition(":")
    return number_of(value), abs(float(number_of(reach or "0")))


def _choice(answers: list[_Answer], form: str, label: str, warnings: Warnings) -> tuple[Any, Any]:
    weights = [_weight(answer) for answer in answers]
    single = sum(weight >= 99.9 for weight in weights) == 1 and all(
        weight >= 99.9 or weight <= 0 for weight in weights
    )
    single = single and not any(a.sign == "~" and a.weight is not None for a in answers)
    if single is False and len({round(weight, 3) for weight in weights if weight > 0}) > 1:
        warnings.add(label, "all right options are worth the same here")
    options = tuple(
        model.Option(
            id=f"option-{position}",
            text=_rich(answer.text, form) or "(no text)",
            correct=weight > 0,
            feedback=answer.feedback,
        )
        for position, (answer, weight) in enumerate(zip(answers, weights, strict=True), 1)
    )
    if len(options) < 2 or not any(option.correct for option in options):
        raise FormatError("no option is right, or there is only one")
    return (model.SingleChoice if single else model.MultipleChoice), {"options": options}


def _weight(answer: _Answer) -> float:
    if answer.weight is not None:
        return answer.weight
    return 100.0 if answer.sign == "=" else 0.0


def _short(answers: list[_Answer], label: str, warnings: Warnings) -> tuple[Any, Any]:
    texts = [(_unmarked(a.text).replace("\\*", "*").strip(), _weight(a), a) for a in answers]
    right = tuple(text for text, weight, _ in texts if text and weight >= 99.9)
    if not right:
        raise FormatError("no answer is right")
    grouped: dict[str, list[str]] = {}
    for text, weight, answer in texts:
        if text and weight < 99.9:
            grouped.setdefault(answer.feedback or "That is not it.", []).append(text)
        if 0 < weight < 99.9:
            warnings.add(label, "answers that are partly right count as wrong here")
    mistakes = tuple(
        model.WrongText(id=f"mistake-{position}", accept=tuple(accept), feedback=feedback)
        for position, (feedback, accept) in enumerate(grouped.items(), 1)
    )
    return model.ShortAnswer, {"accept": right, "mistakes": mistakes}


def _matching(answers: list[_Answer], form: str) -> tuple[Any, Any]:
    pairs = [answer.text.split("->", 1) for answer in answers]
    rich = [(_rich(left, form), _rich(right, form)) for left, right in pairs]
    texts = list(dict.fromkeys(right for _, right in rich if right))
    if len(texts) < 2:
        raise FormatError("there are not two right sides to choose from")
    choices = {text: f"choice-{position}" for position, text in enumerate(texts, 1)}
    prompts = tuple(
        model.Prompt(id=f"prompt-{position}", text=left, match=choices[right])
        for position, (left, right) in enumerate((pair for pair in rich if all(pair)), 1)
    )
    if not prompts:
        raise FormatError("there is nothing to match")
    items = tuple(model.Item(id=name, text=text) for text, name in choices.items())
    return model.Matching, {"prompts": prompts, "choices": items}
