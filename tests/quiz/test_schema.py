"""The JSON Schema that editors use."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from quiz.loader import HERE
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
