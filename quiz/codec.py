"""A quiz as JSON and back, without any library: the student edition and the cache are kept so.

What stands at its default is left out, so that a question without key holds no empty places that
tell what is missing.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from quiz import model
from quiz.problems import Place, Problem, QuizFileError

_LISTS: dict[str, type] = {
    "options": model.Option,
    "items": model.Item,
    "prompts": model.Prompt,
    "choices": model.Item,
    "blanks": model.Blank,
    "concepts": model.Concept,
    "parts": model.Part,
}


def to_plain(record: Any) -> Any:
    """A part of a quiz as dictionaries, lists and scalars, without what stands at its default."""
    if isinstance(record, model.Record):
        return {
            item.name: to_plain(value)
            for item in dataclasses.fields(record)
            if item.name != "folder"
            and ((value := getattr(record, item.name)) != _default(item) or item.name == "type")
        }
    if isinstance(record, tuple | list):
        return [to_plain(element) for element in record]
    if isinstance(record, dict):
        return {key: to_plain(value) for key, value in record.items()}
    return record


def _default(item: dataclasses.Field[Any]) -> Any:
    if item.default_factory is not dataclasses.MISSING:
        return item.default_factory()
    return item.default


def dumps(quiz: model.Quiz) -> str:
    """A quiz as JSON text."""
    plain = {"schema_version": model.SCHEMA_VERSION, **to_plain(quiz)}
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def loads(content: bytes | str, file: str) -> model.Quiz:
    """Read what `dumps` wrote.

    Raises:
        QuizFileError: It was not written by this version of `dumps`.
    """
    try:
        plain = json.loads(content)
        if plain["schema_version"] != model.SCHEMA_VERSION:
            raise ValueError(f"schema_version is {plain['schema_version']!r}")
        questions = tuple(_question(entry) for entry in plain.pop("questions", ()))
        policy = _record(model.Policy, plain.pop("policy", {}))
        quiz: model.Quiz = _record(model.Quiz, plain)
        return dataclasses.replace(quiz, policy=policy, questions=questions)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        message = f"this is no quiz that was released from here ({error}): get the file again"
        raise QuizFileError([Problem(Place(1, 1), "", message, file)]) from None


def _question(plain: dict[str, Any]) -> Any:
    kind = model.QUESTION_TYPES[plain["type"]]
    plain["draw"] = {name: _draw(draw) for name, draw in plain.get("draw", {}).items()}
    return _record(kind, plain)


def _draw(plain: Any) -> model.Draw:
    return model.Span(**plain) if isinstance(plain, dict) else tuple(plain)


def _record(kind: type, plain: dict[str, Any]) -> Any:
    return kind(**{name: _value(kind, name, value) for name, value in plain.items()})


def _value(kind: type, name: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    nested = _LISTS.get(name)
    if name == "mistakes":
        nested = model.Mistake if kind is model.Numeric else model.WrongText
    return tuple(value) if nested is None else tuple(_record(nested, entry) for entry in value)
