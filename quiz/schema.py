"""The shape of a quiz file, checked by pydantic against the classes of `model.py`.

Each question is checked against the class that its `type` names, so that nobody is told what eight
other types would have wanted. What pydantic found is said again in our words: what was found, what
is allowed.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from quiz import model
from quiz.problems import Path, Problem, QuizFileError, nearest, place_of, spell
from quiz.tree import Tree

ALLOWED = {
    "string_type": "text (in quotes where it looks like a number)",
    "string_too_short": "text that is not empty",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping (name: value)",
    "dataclass_type": "a mapping (key: value)",
    "missing": "",
}


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@cache
def field_names(kind: type) -> tuple[str, ...]:
    """The keys that an author may write for a class of `model.py`."""
    return tuple(item.name for item in dataclasses.fields(kind) if item.name != "folder")


def validated(tree: Tree, file: str) -> model.Quiz:
    """A quiz of a document that has the right shape.

    Args:
        tree: The document with its places.
        file: Its name, for messages.

    Raises:
        QuizFileError: Its shape is wrong; every problem of shape is in it.
    """
    document = tree.value
    if not isinstance(document, dict):
        found = "nothing" if document is None else _shown(document)
        message = f"must be a mapping with schema_version, quiz and questions, found {found}"
        raise QuizFileError([Problem(place_of((), tree.places), "", message, file)])
    problems: list[Problem] = []
    questions = _questions(document.get("questions"), tree, file, problems)
    rest = {key: value for key, value in document.items() if key != "questions"}
    quiz = _record(model.Quiz, rest, (), tree, file, problems)
    for key in ("schema_version", "questions"):
        if key not in document:
            message = f"{key} is missing: every quiz file states it"
            problems.append(Problem(place_of((), tree.places), key, message, file))
    if problems or quiz is None:
        raise QuizFileError(problems)
    made: model.Quiz = dataclasses.replace(quiz, questions=tuple(questions))
    return made


def _questions(
    found: Any, tree: Tree, file: str, problems: list[Problem]
) -> list[model.AnyQuestion]:
    if found is None:
        return []
    if not isinstance(found, list):
        message = f"must be a list of questions, found {_shown(found)}"
        problems.append(Problem(place_of(("questions",), tree.places), "questions", message, file))
        return []
    made = [
        _question(entry, ("questions", position), tree, file, problems)
        for position, entry in enumerate(found)
    ]
    return [question for question in made if question is not None]


def _question(entry: Any, path: Path, tree: Tree, file: str, problems: list[Problem]) -> Any:
    def refuse(path: Path, message: str) -> None:
        problems.append(Problem(place_of(path, tree.places), spell(path), message, file))

    if not isinstance(entry, dict):
        return refuse(path, f"must be a mapping with id, type and text, found {_shown(entry)}")
    kind = entry.get("type")
    if not isinstance(kind, str) or kind not in model.QUESTION_TYPES:
        known = model.QUESTION_TYPES
        if "type" not in entry:
            return refuse(path, "type is missing; " + nearest("", known))
        return refuse((*path, "type"), f"found {_shown(kind)}; {nearest(str(kind), known)}")
    return _record(model.QUESTION_TYPES[kind], entry, path, tree, file, problems)


def _record(
    kind: type, entry: Mapping[str, Any], path: Path, tree: Tree, file: str, problems: list[Problem]
) -> Any:
    hidden = {"folder": entry["folder"]} if "folder" in entry else {}
    try:
        made = _adapter(kind).validate_python(dict(entry))
    except ValidationError as error:
        problems.extend(_problems(error, kind, path, tree, file))
        made = None
    for key in hidden:
        problems.append(_unknown((*path, key), kind, tree, file))
    return made


def _problems(
    error: ValidationError, kind: type, path: Path, tree: Tree, file: str
) -> Iterable[Problem]:
    """One problem a place, though each branch of a union complained."""
    grouped: dict[Path, list[Mapping[str, Any]]] = defaultdict(list)
    for item in error.errors(include_url=False):
        where = _in_document(path, tuple(item["loc"]), tree)
        if item["type"].startswith("missing"):
            where = (*where, str(item["loc"][-1]))
        grouped[where].append(item)
    outer = {where[:-1] for where in grouped if where}
    for where, items in grouped.items():
        if where in outer and all(item["type"] in ALLOWED for item in items):
            continue  # a branch of a union that was not meant: the other one says more, further in
        yield from _problem(where, items, kind, tree, file)


def _problem(
    where: Path, items: list[Mapping[str, Any]], kind: type, tree: Tree, file: str
) -> Iterable[Problem]:
    place = place_of(where, tree.places)
    rules: list[Mapping[str, Any]] = []
    for item in items:
        sort = item["type"]
        if sort == "unexpected_keyword_argument":
            yield _unknown(where, _class_at(kind, item["loc"][:-1]), tree, file)
        elif sort.startswith("missing"):
            yield Problem(place, spell(where), f"{where[-1]} is missing here", file)
        elif not (sort == "too_short" and len(item["input"]) >= item["ctx"]["min_length"]):
            rules.append(item)  # a list is not too short because its entries are wrong
    if rules:
        found = _shown(items[0]["input"])
        yield Problem(place, spell(where), f"must be {_allowed(rules)}, found {found}", file)


def _allowed(items: list[Mapping[str, Any]]) -> str:
    """What is allowed: a rule for the kind of value that was found, or else every kind."""
    precise = [item for item in items if item["type"] not in ALLOWED]
    said = dict.fromkeys(_rule(item) for item in precise or items)
    if "a number" in said:
        said.pop("a whole number", None)
    return " or ".join(said)


def _unknown(where: Path, kind: type, tree: Tree, file: str) -> Problem:
    found = str(where[-1])
    place = tree.keys.get(where) or place_of(where, tree.places)
    return Problem(
        place, spell(where), f"unknown key {found!r}; {nearest(found, field_names(kind))}", file
    )


def _rule(item: Mapping[str, Any]) -> str:
    sort, context = item["type"], item.get("ctx", {})
    if sort in ALLOWED:
        return ALLOWED[sort]
    if sort == "greater_than":
        return f"above {context['gt']:g}"
    if sort == "greater_than_equal":
        return f"at least {context['ge']:g}"
    if sort in {"too_short", "string_too_short"}:
        return f"at least {context['min_length']} entries long"
    if sort == "string_too_long":
        return f"at most {context['max_length']} characters long"
    if sort == "literal_error":
        return str(context["expected"])
    return str(item["msg"]).removeprefix("Input should be ").lower()


def _in_document(path: Path, location: Path, tree: Tree) -> Path:
    """A place of the document: pydantic's steps less the names of a union's branches."""
    for step in location:
        longer = (*path, step)
        if longer in tree.places:
            path = longer
    return path


def _class_at(kind: type, location: Path) -> type:
    """The class of `model.py` whose keys are allowed at pydantic's location."""
    for step in location:
        field = next((item for item in dataclasses.fields(kind) if item.name == step), None)
        name = str(step) if field is None else str(field.type)
        for candidate in vars(model).values():
            if (
                inspect.isclass(candidate)
                and issubclass(candidate, model.Record)
                and candidate is not model.Quiz
                and candidate.__name__ in name.replace("[", " ").replace(",", " ").split()
            ):
                kind = candidate
    return kind


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a quiz file, for editors that check and complete while one types."""
    descriptions = _descriptions()
    definitions: dict[str, Any] = {}
    references = []
    types: dict[str, Any] = {**model.QUESTION_TYPES}
    for name, kind in types.items():
        schema = _adapter(kind).json_schema(ref_template="#/$defs/{model}")
        definitions |= schema.pop("$defs", {})
        schema["required"] = sorted({*schema.get("required", ()), "type"})
        definitions[kind.__name__] = schema
        references.append({"if": _is_type(name), "then": {"$ref": f"#/$defs/{kind.__name__}"}})
    quiz = _adapter(model.Quiz).json_schema(ref_template="#/$defs/{model}")
    definitions |= {
        key: value for key, value in quiz.pop("$defs").items() if key not in definitions
    }
    for definition in [quiz, *definitions.values()]:
        _describe(definition, descriptions)
    quiz["properties"].pop("folder")
    quiz["properties"]["questions"] = {"type": "array", "items": _any_question(references)}
    quiz["required"] = ["schema_version", "quiz", "questions"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **quiz,
        "$defs": dict(sorted(definitions.items())),
    }


def _is_type(name: str) -> dict[str, Any]:
    return {"properties": {"type": {"const": name}}, "required": ["type"]}


def _any_question(references: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"type": {"enum": list(model.QUESTION_TYPES)}},
        "required": ["id", "type", "text"],
        "allOf": references,
    }


def _describe(definition: dict[str, Any], descriptions: Mapping[tuple[str, str], str]) -> None:
    for name, entry in definition.get("properties", {}).items():
        text = descriptions.get((definition.get("title", ""), name)) or descriptions.get(
            ("Question", name)
        )
        if text:
            entry["description"] = text


@cache
def _descriptions() -> dict[tuple[str, str], str]:
    """The docstrings below the fields of `model.py`, by class and field."""
    found: dict[tuple[str, str], str] = {}
    for node in ast.parse(inspect.getsource(model)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        for field, after in zip(node.body, node.body[1:], strict=False):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(after, ast.Expr)
            ):
                found[node.name, field.target.id] = str(ast.literal_eval(after.value))
    return found
