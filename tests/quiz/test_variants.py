"""Numbers and orders of each student's own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from quiz.model import Numeric, Quiz, Span
from quiz.variants import (
    could_be_drawn,
    draw_numbers,
    filled,
    same_student,
    show_number,
    shuffled,
    values_of,
)


def question(**draw: object) -> Numeric:
    return Numeric(id="q", text="t", answer=1, draw=draw)  # type: ignore[arg-type]


def test_draws_never_change() -> None:
    """These numbers were drawn once and for all: a change would break saved answers."""
    drawn = [draw_numbers(question(n=tuple(range(1000))), name)["n"] for name in ("ada", "bob")]
    assert [854, 198] == drawn
    assert ["d", "b", "a", "e", "c"] == shuffled("abcde", "ada", "q")


def test_draws_do_not_depend_on_the_process(lesson: Quiz) -> None:
    """Another process with another hash seed draws the same."""
    code = (
        "from quiz import load; from quiz.variants import draw_numbers\n"
        "print([draw_numbers(q, 'ada') for q in load().questions])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"}
    )
    assert str([draw_numbers(q, "ada") for q in lesson.questions]) == done.stdout.strip()


def test_students_differ() -> None:
    """Students draw all values, about equally often."""
    drawn = [draw_numbers(question(n=(1, 2, 3, 4)), f"s{i}")["n"] for i in range(400)]
    assert all(70 <= drawn.count(value) <= 130 for value in (1, 2, 3, 4))


def test_names_are_drawn_apart() -> None:
    """A second name in a question does not change what the first one draws."""
    one = draw_numbers(question(n=tuple(range(100))), "ada")
    two = draw_numbers(question(m=(1, 2), n=tuple(range(100))), "ada")
    assert one["n"] == two["n"]


def test_id_may_be_typed_carelessly() -> None:
    """Case, outer spaces and the coding of accents make no other student."""
    assert same_student(" Ad\u00e8le", "ade\u0300le ")
    draws = question(n=tuple(range(1000)))
    assert draw_numbers(draws, "Ada ") == draw_numbers(draws, "ada")


def test_spans_hold_both_ends() -> None:
    """A span counts from its first to its last number."""
    assert [2, 4, 6] == list(values_of(Span(first=2, last=6, step=2)))
    assert [0.1, 0.2, 0.3] == list(values_of(Span(first=0.1, last=0.3, step=0.1)))


def test_only_what_is_drawn_could_be_drawn() -> None:
    """Saved numbers are held against the lists that they come from."""
    draws = question(n=(1, 2))
    assert could_be_drawn(draws, {"n": 2})
    assert not could_be_drawn(draws, {"n": 3})
    assert not could_be_drawn(draws, {"n": 1, "m": 1})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{n}} and {{ n }}", "16,384 and 16,384"),
        ("{{x}}", "0.125"),
        ("{{x:.1f}}", "0.1"),
        ("{{word}} {{unknown}} {n}", "adam {{unknown}} {n}"),
        ("$2^{30}$", "$2^{30}$"),
    ],
)
def test_texts_are_filled(text: str, shown: str) -> None:
    """Numbers are put where their names stand; everything else stays."""
    assert shown == filled(text, {"n": 16384, "x": 0.125, "word": "adam"})


def test_large_and_small_numbers_are_readable() -> None:
    """Numbers show no needless digits."""
    assert ["1,000,000", "2.5", "1e-09"] == [show_number(n) for n in (10**6, 2.5, 1e-9)]
