"""`answers.yaml`: what a student answered, read from anybody and written whole or not at all.

It is read with PyYAML's C parser, where it is there, and every scalar as text: `yes` stays `yes`,
and a date stays what was typed. What is read may come from anyone: aliases, depth and size are
bounded (`tree.py`).
"""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from quiz.expressions import Scalar
from quiz.problems import QuizAnswersError, spell
from quiz.tree import TreeError, build

SCHEMA_VERSION = 1
MAX_BYTES = 256 * 1024
MAX_TEXT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One saved answer.

    Attributes:
        answer: Text, a list of ids, or a mapping of ids to texts.
        at: When it was saved, ISO 8601 in UTC; empty where the file does not say.
        numbers: The drawn numbers that were shown; None where the file does not say.
        attempts: How often it was answered; 0 where the file does not say.
        seconds: How long it took, over all attempts.
        hints: How many hints were shown.
    """

    answer: Any
    at: str = ""
    numbers: Mapping[str, Scalar] | None = None
    attempts: int = 0
    seconds: float = 0.0
    hints: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFile:
    """All of a student's answers.

    Attributes:
        quiz: The id of the quiz.
        student: The student's id, empty where the file does not say.
        answers: By question id.
    """

    quiz: str
    student: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)


def read_answers(content: bytes) -> AnswerFile:
    """Read `answers.yaml`.

    Args:
        content: The file's bytes.

    Raises:
        QuizAnswersError: It is too large, no YAML, or not of the format; the text says why.
    """
    document = _parsed(content)
    if not isinstance(document, dict):
        raise QuizAnswersError("holds no mapping with schema_version, quiz, student and answers")
    if document.get("schema_version") != str(SCHEMA_VERSION):
        found = document.get("schema_version")
        raise QuizAnswersError(f"schema_version: must be {SCHEMA_VERSION}, found {_shown(found)}")
    quiz, student = document.get("quiz"), document.get("student", "")
    if not isinstance(quiz, str) or not quiz:
        raise QuizAnswersError(f"quiz: must be the quiz's id, found {_shown(quiz)}")
    if not isinstance(student, str):
        raise QuizAnswersError(f"student: must be the student's id, found {_shown(student)}")
    answers = document.get("answers") or {}
    if not isinstance(answers, dict):
        raise QuizAnswersError(f"answers: must be a mapping by question, found {_shown(answers)}")
    return AnswerFile(
        quiz=quiz,
        student=student.strip(),
        answers={name: _answer(name, entry) for name, entry in answers.items()},
    )


def _parsed(content: bytes) -> Any:
    import yaml

    if len(content) > MAX_BYTES:
        raise QuizAnswersError(f"larger than {MAX_BYTES} bytes")
    try:
        text = content.decode("utf-8-sig")
        # None follows the last event; `yaml.parse` would ask before each whether there is one
        return build(iter(_loader()(text).get_event, None)).value
    except UnicodeDecodeError as error:
        raise QuizAnswersError(f"byte {content[error.start]:#04x} is no UTF-8") from None
    except TreeError as error:
        where = f"line {error.place.line}" + (f", {spell(error.path)[:80]}" if error.path else "")
        raise QuizAnswersError(f"{where}: {error}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise QuizAnswersError(f"{where}this is no YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise QuizAnswersError(f"this is no YAML: {error}") from None


@cache
def _loader() -> Any:
    import yaml

    return getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _answer(name: str, entry: Any) -> Answer:
    """One entry: `{answer: …}`, or the bare answer of somebody who wrote the file by hand."""
    if not isinstance(entry, dict):
        return Answer(answer=_given(name, entry))
    if "answer" not in entry:
        raise QuizAnswersError(f"answers.{name}: answer is missing")
    numbers = entry.get("numbers")
    return Answer(
        answer=_given(name, entry["answer"]),
        at=_text(entry.get("at")),
        numbers=_numbers(numbers) if isinstance(numbers, dict) else None,
        attempts=int(_number(entry.get("attempts"))),
        seconds=float(_number(entry.get("seconds"))),
        hints=int(_number(entry.get("hints"))),
    )


def _given(name: str, answer: Any) -> Any:
    """An answer of one of the three shapes: a text, a list of texts, a mapping to texts."""
    entries: Iterable[Any] = (answer,)
    if not isinstance(answer, str):
        entries = answer.values() if isinstance(answer, dict) else answer
    for entry in entries:
        if not isinstance(entry, str):
            raise QuizAnswersError(f"answers.{name}.answer: is nested too deep")
        if len(entry) > MAX_TEXT:
            raise QuizAnswersError(f"answers.{name}.answer: longer than {MAX_TEXT} characters")
    return answer


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int | float:
    """A number that was saved as a note; 0 where it is none, because no points depend on it."""
    try:
        number = float(_text(value) or 0)
    except ValueError:
        return 0
    return max(0.0, min(number, 1e9)) if not math.isnan(number) else 0


def _numbers(numbers: Mapping[str, Any]) -> dict[str, Scalar]:
    return {name: _scalar(value) for name, value in numbers.items()}


def _scalar(value: Any) -> Scalar:
    text = value if isinstance(value, str) else repr(value)
    for kind in (int, float):
        try:
            return kind(text) if len(text) <= 40 else text
        except ValueError:
            continue
    return text


def _shown(value: Any) -> str:
    return repr(value) if len(repr(value)) <= 40 else repr(value)[:37] + "..."


def dumps(file: AnswerFile) -> str:
    """An answers file as YAML text."""
    import yaml

    document = {
        "schema_version": SCHEMA_VERSION,
        "quiz": file.quiz,
        "student": file.student,
        "answers": {name: _plain(answer) for name, answer in file.answers.items()},
    }
    return yaml.dump(document, Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=100)


@cache
def _dumper() -> Any:
    """PyYAML's safe dumper that quotes what YAML would take for the end of a line."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes every text so that it is read back character by character."""

    def write(dumper: Any, text: str) -> Any:
        odd = not text.replace("\n", "").isprintable()
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if odd else None)

    Dumper.add_representer(str, write)
    return Dumper


def _plain(answer: Answer) -> dict[str, Any]:
    plain: dict[str, Any] = {"answer": answer.answer}
    if answer.numbers:
        plain["numbers"] = dict(answer.numbers)
    for name in ("at", "attempts", "seconds", "hints"):
        if getattr(answer, name):
            plain[name] = getattr(answer, name)
    return plain


def write_whole(path: Path, text: str) -> None:
    """Write a file so that whoever reads it finds the old one or the new one, whole.

    Raises:
        OSError: It cannot be written; the old file is as it was.
    """
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
