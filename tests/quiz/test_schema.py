"""The JSON Schema that editors use."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from quiz import QuizFileError
from quiz.loader import HERE, loads
from quiz.schema import json_schema

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    "file", [HERE / "lesson04.yaml", HERE / "practice.yaml", DATA / "every-type.yaml"]
)
def test_good_files_fit(file: Path) -> None:
    """What loads also fits the schema."""
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.validate(YAML(typ="safe").load(file), json_schema())


def test_bad_file_does_not_fit() -> None:
    """The schema finds wrong types, unknown keys and limits."""
    validator = jsonschema.Draft202012Validator(json_schema())
    document = YAML(typ="safe").load(DATA / "many-mistakes.yaml")
    paths = {error.json_path for error in validator.iter_errors(document)}
    assert {"$", "$.schema_version", "$.questions[0].type", "$.questions[1].points"} <= paths


def test_fields_are_described() -> None:
    """An editor can say what each key of a question means."""
    numeric = json_schema()["$defs"]["Numeric"]["properties"]
    assert [name for name, entry in numeric.items() if not entry.get("description")] == ["type"]


HEAD = "schema_version: 1\nquiz: q\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("questions: 3\n", "questions: must be a list of questions, found 3"),
        ("questions: [hello]\n", "questions[0]: must be a mapping with id, type and text"),
        ("questions: [{id: a}]\n", "questions[0]: type is missing; known here: single_choice"),
        ("policy: {attempts: 0}\n", "policy.attempts: must be at least 1"),
        ("parts: [{id: ''}]\n", "parts[0].id: must be text that is not empty, found ''"),
        (f"parts: [{{id: {'x' * 61}}}]\n", "parts[0].id: must be at most 60 characters long"),
        ("policy: {mode: exam}\n", "policy.mode: must be 'graded' or 'practice'"),
        (
            "questions: [{id: a, type: ordering, text: t, items: [{id: b, text: c}]}]\n",
            "questions[0].items: must be at least 2 entries long",
        ),
    ],
)
def test_what_is_allowed_is_said(text: str, said: str) -> None:
    """A value of the wrong kind, too long, too short or too small is told the rule it breaks."""
    with pytest.raises(QuizFileError) as caught:
        loads((HEAD + text).encode(), "q.yaml")
    assert said in str(caught.value)


def test_a_quiz_may_have_no_questions_yet() -> None:
    """Whoever begins a file may leave the list of questions empty."""
    assert () == loads((HEAD + "questions:\n").encode()).questions
