"""The page about the quiz names every key and command, and its example works."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from quiz import load, model
from quiz.answers import Answer, AnswerFile, read_answers
from quiz.cli import quiz as command
from quiz.loader import loads

PAGE = (Path(__file__).parents[2] / "docs" / "quiz.md").read_text(encoding="utf-8")
RECORDS = [
    kind
    for kind in vars(model).values()
    if isinstance(kind, type) and issubclass(kind, model.Record) and dataclasses.is_dataclass(kind)
]


def blocks() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("kind", [*RECORDS, Answer, AnswerFile], ids=lambda kind: kind.__name__)
def test_every_key_is_named(kind: type) -> None:
    """No key of a quiz or an answers file is missing from the page."""
    names = {item.name for item in dataclasses.fields(kind)} - {"folder"}
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`\n]+)`", PAGE))))
    assert set() == names - named


def test_every_command_and_type_is_named() -> None:
    """Each command and each type of question stands on the page."""
    for name in command.commands:
        assert f"`nnv quiz {name}" in PAGE
    for name in model.QUESTION_TYPES:
        assert f"| `{name}` |" in PAGE


def test_examples_work() -> None:
    """The sample quiz loads, and the sample answers are marked."""
    quiz, answers = blocks()
    assert "weights-of-a-model" == loads(quiz.encode()).questions[0].id
    known = {question.id for question in load().questions}
    assert set(read_answers(answers.encode()).answers) <= known
