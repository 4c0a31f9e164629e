"""What authors are told about a quiz that is well formed and means something wrong."""

from __future__ import annotations

from textwrap import indent

import pytest

from quiz import QuizFileError
from quiz.check import TRIED_VARIANTS, variants_of
from quiz.loader import loads
from quiz.model import Draw, Numeric, Span

HEAD = "schema_version: 1\nquiz: q\nquestions:\n"


def told(question: str, head: str = HEAD) -> list[str]:
    """What is said about a quiz of one question, place and file left out."""
    try:
        loads((head + indent(question, "    ").replace("    ", "  - ", 1)).encode())
    except QuizFileError as error:
        return [f"{problem.path}: {problem.message}" for problem in error.problems]
    return []


NUMERIC = "id: n\ntype: numeric\ntext: t\nanswer: 1\n"


@pytest.mark.parametrize(
    ("added", "path", "said"),
    [
        ("draw: {m: []}", "draw.m", "must hold at least one value to draw, found none"),
        ("draw: {m: {first: 3, last: 2}}", "draw.m", "first must not be above last, found 3 and 2"),
        ("draw: {m: {first: 0, last: 9e9}}", "draw.m", "numbers to draw from: make step larger"),
        ("draw: {min: [1]}", "draw.min", "that is no function, found 'min'"),
        ("show: {k: 1 +}", "show.k", "is no expression"),
        ("show: {k: 1 / 0}", "show", "division by zero"),
    ],
)
def test_draws_and_shown_numbers_must_make_sense(added: str, path: str, said: str) -> None:
    """Nothing to draw, too much to draw, and what cannot be worked out is said at its place."""
    (problem,) = told(NUMERIC + added)
    assert problem.startswith(f"questions[0].{path}: ")
    assert said in problem


def test_a_span_of_numbers_is_drawn_from() -> None:
    """A span that goes up in steps is fine."""
    assert [] == told(NUMERIC + "draw: {m: {first: 1, last: 9, step: 2}}")


def test_numbers_shown_in_a_choice_are_tried_too() -> None:
    """Also where no number is asked for, every variant's shown numbers are worked out."""
    choice = (
        "id: c\ntype: single_choice\ntext: '{{k}}'\ndraw: {m: [0, 1]}\nshow: {k: 6 / m}\n"
        "options: [{id: a, text: a, correct: true}, {id: b, text: b}]"
    )
    (problem,) = told(choice)
    assert "division by zero (with {'m': 0})" in problem
    assert [] == told(choice.replace("[0, 1]", "[1, 2]"))


def test_ids_are_single_words() -> None:
    """An id with a space in it is refused, wherever it stands."""
    choice = "id: a b\ntype: free_text\ntext: t\nconcepts: [{id: c d, text: x}]"
    assert [
        "questions[0].id: must be letters, digits, - and _ only, found 'a b'",
        "questions[0].concepts[0].id: must be letters, digits, - and _ only, found 'c d'",
    ] == sorted(told(choice), key=len)


def test_without_key_nothing_is_asked_of_the_key() -> None:
    """A quiz that says it has no key needs no answers."""
    lacking = "id: t\ntype: true_false\ntext: t"
    assert 1 == len(told(lacking))
    assert [] == told(lacking, HEAD.replace("quiz: q\n", "quiz: q\nkeyed: false\n"))


def test_too_many_variants_are_sampled() -> None:
    """Of a question with a million variants some hundred are tried, nearly all different."""
    spans: dict[str, Draw] = {name: Span(first=1, last=1000) for name in ("m", "n")}
    tried = list(variants_of(Numeric(id="n", text="t", draw=spans, answer="m * n")))
    assert TRIED_VARIANTS == len(tried)
    assert all(numbers[name] in range(1, 1001) for numbers in tried for name in spans)
    assert len({tuple(numbers.values()) for numbers in tried}) > TRIED_VARIANTS / 2
