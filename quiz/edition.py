"""The student edition of the quiz: the questions without their key, and the engine that asks them.

Left out are answers, feedback, mistakes, the concepts of free texts, everything that marks those,
and what only authors need. What is drawn stays, because students draw their own numbers; so an
author must not put the key under `show`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from quiz import codec
from quiz.loader import DEFAULT, PRACTICE, load
from quiz.model import AnyQuestion, Quiz
from quiz.variants import shuffled

ENGINE = (
    "__init__.py",
    "answers.py",
    "check.py",
    "cli.py",
    "cli_load.py",
    "codec.py",
    "expressions.py",
    "loader.py",
    "marking.py",
    "model.py",
    "numbers.py",
    "plaintext.py",
    "practice.py",
    "problems.py",
    "session.py",
    "terminal.py",
    "terminal_practice.py",
    "tree.py",
    "typed.py",
    "unit_table.py",
    "units.py",
    "variants.py",
    "widget.py",
    "scoring/__init__.py",
    "scoring/choice.py",
    "scoring/free.py",
    "scoring/number.py",
    "scoring/outcome.py",
    "scoring/text.py",
)
# front ends that go along where they are there
FRONT_ENDS = ("web",)
#: of those, what only exports a page
_EXPORT = ("web/page.py", "web/keys.py", "web/tables.py")
OPTIONAL = ("widget.py",)

_KEYS = ("answer", "feedback", "explanation", "accept", "mistakes", "concepts", "match", "correct")
_PARTS = ("options", "items", "prompts", "choices", "blanks")


def without_key(quiz: Quiz) -> Quiz:
    """A quiz as students may have it: nothing in it tells what is right."""
    stripped = tuple(_stripped_question(question) for question in quiz.questions)
    return replace(quiz, keyed=False, rules="", questions=stripped)


def _stripped_question(question: AnyQuestion) -> AnyQuestion:
    changes: dict[str, Any] = {}
    for name in _PARTS:
        records = getattr(question, name, ())
        if records:
            changes[name] = tuple(_stripped(record) for record in records)
    if question.type in {"ordering", "matching"} or not question.fixed:
        for name in ("items", "prompts", "choices", "options"):
            if name in changes:
                # the order in the file may be the key, and the right option often comes first
                by_id = sorted(changes[name], key=lambda record: str(record.id))
                changes[name] = tuple(shuffled(by_id, question.id, "edition"))
    stripped: AnyQuestion = replace(_stripped(question), **changes)
    return stripped


def _stripped(record: Any) -> Any:
    """A record whose keys stand at their defaults."""
    defaults = {
        item.name: item.default
        for item in fields(record)
        if item.name in _KEYS and item.name != "id"
    }
    if "tolerance" in {item.name for item in fields(record)}:
        defaults["tolerance"] = None
    return replace(record, **defaults)


def write(source: Path, target: Path) -> tuple[Path, ...]:
    """Write the student edition of the quiz package.

    Args:
        source: The folder of this package.
        target: The folder to write it into, such as `edition/quiz`; made where it is missing.

    Returns:
        The files that were written, in order.

    Raises:
        QuizFileError: The quiz or the practice bank is wrong.
        OSError: Something cannot be read or written.
    """
    quiz = load(source / f"{DEFAULT}.yaml")
    practice = load(source / f"{PRACTICE}.yaml")
    written = [_copy(source, target, name) for name in _names(source)]
    for name, made in ((DEFAULT, without_key(quiz)), (PRACTICE, practice)):
        file = target / f"{name}.json"
        file.write_text(codec.dumps(made), encoding="utf-8", newline="\n")
        written.append(file)
    return tuple(written)


def _names(source: Path) -> Iterable[str]:
    yield from ENGINE
    yield from (name for name in OPTIONAL if (source / name).exists())
    for folder in (*FRONT_ENDS, "pictures"):
        for file in sorted((source / folder).rglob("*")):
            name = file.relative_to(source).as_posix()
            if file.is_file() and "__pycache__" not in file.parts and name not in _EXPORT:
                yield name


def _copy(source: Path, target: Path, name: str) -> Path:
    file = target / name
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / name, file)
    return file
