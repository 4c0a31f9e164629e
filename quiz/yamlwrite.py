"""A quiz as the YAML that an author would write."""

from __future__ import annotations

import io
from typing import Any

from quiz.codec import to_plain
from quiz.model import SCHEMA_VERSION, Quiz

_FIRST = ("id", "type", "part", "title", "points", "text")


def dumps(quiz: Quiz) -> str:
    """A quiz as YAML text that `loader.loads` reads back."""
    from ruamel.yaml import YAML

    plain = {"schema_version": SCHEMA_VERSION, **to_plain(quiz)}
    questions = [_in_order(question) for question in plain.pop("questions", [])]
    yaml = YAML(typ="rt")
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump({**plain, "questions": questions}, stream)
    return stream.getvalue()


def _in_order(question: dict[str, Any]) -> dict[str, Any]:
    first = {key: question[key] for key in _FIRST if key in question}
    return {**first, **question}
