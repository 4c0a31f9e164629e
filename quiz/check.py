"""What a quiz file of the right shape must mean: keys that exist, ids that differ, and the like.

Each check gives problems with a path; `loader.py` adds the places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from math import prod
from typing import Any

from quiz import model
from quiz.expressions import FUNCTIONS, ExpressionError, evaluate, names_in
from quiz.problems import Path, nearest
from quiz.variants import (
    Numbers,
    bad_formats,
    draw_numbers,
    placeholders,
    shown_numbers,
    values_of,
)

Found = tuple[Path, str]

MAX_DRAWN = 10_000
TRIED_VARIANTS = 300
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_GAP = re.compile(r"\[\[([^\[\]]*)\]\]")
_PERCENT = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*%\s*\Z")


def tolerance_of(tolerance: float | str | None) -> tuple[float, bool]:
    """A question's tolerance and whether it is a share of the key; (0.0, False) for exact.

    Raises:
        ValueError: It is neither a number above 0 nor a percentage.
    """
    if tolerance is None:
        return 0.0, False
    if not isinstance(tolerance, str):
        return float(tolerance), False
    percent = _PERCENT.match(tolerance)
    if percent is None or float(percent[1]) <= 0:
        raise ValueError(tolerance)
    return float(percent[1]) / 100, True


def gaps(text: str) -> list[str]:
    """The ids of the gaps in a fill-in text, in order."""
    return _GAP.findall(text)


def check_quiz(quiz: model.Quiz) -> Iterator[Found]:
    """Everything that a quiz means wrongly, each with its path."""
    yield from _identifiers(quiz.parts, ("parts",))
    yield from _identifiers(quiz.questions, ("questions",))
    if not _IDENTIFIER.match(quiz.quiz):
        yield ("quiz",), _identifier_rule(quiz.quiz)
    parts = [part.id for part in quiz.parts]
    for position, question in enumerate(quiz.questions):
        path: Path = ("questions", position)
        if question.part not in (parts or [""]):
            remark = nearest(question.part, parts) if parts else "the file has no parts"
            yield (*path, "part"), f"there is no part {question.part!r}; {remark}"
        yield from _check_question(question, path)
        if quiz.keyed:
            yield from _KEYS[question.type](question, path)


def _identifier_rule(found: str) -> str:
    return f"must be letters, digits, - and _ only, found {found!r}"


def _identifiers(records: Sequence[Any], path: Path) -> Iterator[Found]:
    seen: dict[str, int] = {}
    for position, record in enumerate(records):
        here = (*path, position, "id")
        if not _IDENTIFIER.match(record.id):
            yield here, _identifier_rule(record.id)
        if record.id in seen:
            yield (
                here,
                f"the id {record.id!r} stands at [{seen[record.id]}] already: choose another",
            )
        seen.setdefault(record.id, position)


def _check_question(question: model.AnyQuestion, path: Path) -> Iterator[Found]:
    for name in ("options", "items", "prompts", "choices", "blanks", "concepts", "mistakes"):
        yield from _identifiers(getattr(question, name, ()), (*path, name))
    problems = [*_check_draws(question, path)]
    yield from problems
    known = {*question.draw, *question.show}
    for where, text in _texts(question, path):
        for name in sorted(placeholders(text) - known):
            yield where, f"{{{{{name}}}}} is not drawn; {_known_names(name, known)}"
        for placeholder in bad_formats(text):
            yield where, f"{placeholder}: allowed behind the colon are ',', '.2f', 'g', 'e'"
    if isinstance(question, model.Numeric):
        yield from _check_tolerance(question, path)
        yield from _check_unit(question, path)
        yield from _check_numeric(question, path, sound=not problems)
    elif question.show and not problems:
        yield from _check_values(question, [], path)


def _known_names(name: str, known: Iterable[str]) -> str:
    known = sorted(known)
    return nearest(name, known) if known else "nothing is drawn for this question"


def _texts(question: model.AnyQuestion, path: Path) -> Iterator[tuple[Path, str]]:
    for name in ("text", "explanation", "feedback"):
        yield (*path, name), getattr(question, name, "")
    for position, hint in enumerate(question.hints):
        yield (*path, "hints", position), hint
    for name in ("options", "items", "prompts", "choices", "blanks", "mistakes"):
        for position, record in enumerate(getattr(question, name, ())):
            for field in ("text", "feedback"):
                yield (*path, name, position, field), getattr(record, field, "")


def _check_draws(question: model.AnyQuestion, path: Path) -> Iterator[Found]:
    for name, draw in question.draw.items():
        here: Path = (*path, "draw", name)
        yield from _check_name(name, here)
        if not isinstance(draw, model.Span):
            if not draw:
                yield here, "must hold at least one value to draw, found none"
        elif draw.first > draw.last:
            yield here, f"first must not be above last, found {draw.first} and {draw.last}"
        elif (draw.last - draw.first) / draw.step > MAX_DRAWN:
            yield here, f"more than {MAX_DRAWN} numbers to draw from: make step larger"
    known = set(question.draw)
    for name, expression in question.show.items():
        yield from _check_name(name, (*path, "show", name))
        yield from _check_expression(expression, known, (*path, "show", name))
        known.add(name)


def _check_name(name: str, here: Path) -> Iterator[Found]:
    if not _NAME.match(name) or name in FUNCTIONS:
        yield here, f"must be a word of letters, digits and _ that is no function, found {name!r}"


def _check_expression(
    expression: model.Scalar, known: Iterable[str], here: Path
) -> Iterator[Found]:
    try:
        for name in sorted(names_in(expression) - set(known)):
            yield here, f"{name!r} is not drawn; {_known_names(name, known)}"
    except ExpressionError as error:
        yield here, str(error)


def variants_of(question: model.AnyQuestion) -> Iterator[Numbers]:
    """All variants of a question, or some hundred of them where there are too many."""
    columns = [values_of(draw) for draw in question.draw.values()]
    if prod(map(len, columns)) <= TRIED_VARIANTS:
        for row in product(*columns):
            yield dict(zip(question.draw, row, strict=True))
        return
    for student in range(TRIED_VARIANTS):
        yield draw_numbers(question, f"student-{student}")


def _check_tolerance(question: model.Numeric, path: Path) -> Iterator[Found]:
    try:
        tolerance_of(question.tolerance)
    except ValueError:
        yield (
            (*path, "tolerance"),
            f"must be a number above 0 or a percentage such as 1%, found {question.tolerance!r}",
        )


def _check_numeric(question: model.Numeric, path: Path, sound: bool) -> Iterator[Found]:
    keys: list[tuple[Path, model.Scalar]] = [
        ((*path, "mistakes", position, "value"), mistake.value)
        for position, mistake in enumerate(question.mistakes)
    ]
    if question.answer is not None:
        keys.insert(0, ((*path, "answer"), question.answer))
    found = [
        problem
        for here, expression in keys
        for problem in _check_expression(expression, {*question.draw, *question.show}, here)
    ]
    yield from found
    if sound and not found:
        yield from _check_values(question, keys, path)


def _check_values(
    question: model.AnyQuestion, keys: list[tuple[Path, model.Scalar]], path: Path
) -> Iterator[Found]:
    """Every expression comes to a number in every variant, and a mistake is not always the key."""
    differs: set[Path] = set()
    answer = getattr(question, "answer", None)
    here: Path = path
    try:
        for drawn in islice(variants_of(question), TRIED_VARIANTS):
            here = (*path, "show")
            numbers = shown_numbers(question, drawn)
            here = (*path, "answer")
            right = None if answer is None else evaluate(answer, numbers)
            for here, expression in keys:
                if evaluate(expression, numbers) != right:
                    differs.add(here)
    except ExpressionError as error:
        yield here, f"{error} (with {drawn})"
        return
    for here, _ in keys:
        if "mistakes" in here and here not in differs:
            yield here, "is the key itself in every variant: it is no mistake"


def _check_unit(question: model.Numeric, path: Path) -> Iterator[Found]:
    from quiz.units import UnitError, check_unit

    try:
        check_unit(question.unit)
    except UnitError as error:
        yield (*path, "unit"), str(error)


def _choice_key(question: Any, path: Path) -> Iterator[Found]:
    right = sum(option.correct for option in question.options)
    if question.type == "single_choice" and right != 1:
        yield (*path, "options"), f"exactly one option must be correct: true, found {right}"
    if right == 0 and question.type == "multiple_choice":
        yield (*path, "options"), "at least one option must be correct: true, found none"


def _truth_key(question: Any, path: Path) -> Iterator[Found]:
    if question.answer is None:
        yield (*path, "answer"), "answer is missing here: true or false"


def _number_key(question: Any, path: Path) -> Iterator[Found]:
    if question.answer is None:
        yield (*path, "answer"), "answer is missing here: a number or an expression"


def _text_key(question: Any, path: Path) -> Iterator[Found]:
    if not question.accept:
        yield (*path, "accept"), "accept is missing here: the texts that are right"


def _ordering_key(question: Any, path: Path) -> Iterator[Found]:
    if question.fixed:
        yield (*path, "fixed"), "must be false: the order of the items is the key"


def _matching_key(question: Any, path: Path) -> Iterator[Found]:
    choices = [choice.id for choice in question.choices]
    for position, prompt in enumerate(question.prompts):
        if prompt.match not in choices:
            here = (*path, "prompts", position, "match")
            yield here, f"there is no choice {prompt.match!r}; {nearest(prompt.match, choices)}"


def _blanks_key(question: Any, path: Path) -> Iterator[Found]:
    in_text = gaps(question.text)
    known = [blank.id for blank in question.blanks]
    for name in in_text:
        if name not in known:
            yield (
                (*path, "text"),
                f"[[{name}]] is no blank of this question; {nearest(name, known)}",
            )
    for position, blank in enumerate(question.blanks):
        if in_text.count(blank.id) != 1:
            here = (*path, "blanks", position, "id")
            yield (
                here,
                f"[[{blank.id}]] must stand once in the text, found {in_text.count(blank.id)}",
            )
        if not blank.accept:
            here = (*path, "blanks", position)
            yield here, "accept is missing here: the texts that are right"


def _concepts_key(question: Any, path: Path) -> Iterator[Found]:
    if not question.concepts:
        yield (*path, "concepts"), "concepts are missing here: what the answer must say"


_KEYS = {
    "single_choice": _choice_key,
    "multiple_choice": _choice_key,
    "true_false": _truth_key,
    "numeric": _number_key,
    "short_answer": _text_key,
    "ordering": _ordering_key,
    "matching": _matching_key,
    "fill_in": _blanks_key,
    "free_text": _concepts_key,
}
