"""What is typed at the keyboard becomes what answers.yaml holds."""

from __future__ import annotations

from typing import Any

import pytest

from quiz.model import Quiz
from quiz.session import SessionError, Shown, show
from quiz.typed import describe, how, lines, read


def shown(quiz: Quiz, name: str) -> Shown:
    return show(quiz, quiz.question(name), "ada")


def number(view: Shown, name: str) -> int:
    return [option.id for option in view.options].index(name) + 1


def test_options_are_typed_by_number(every_type: Quiz) -> None:
    """The number of an option on the screen is the option's id in the file."""
    view = shown(every_type, "pick-one")
    typed = number(view, "curve")
    assert "curve" == read(view, f" {typed}. ")
    some = shown(every_type, "pick-some")
    assert ["tanh", "relu"] == read(some, "2, 1")
    order = shown(every_type, "in-order")
    text = " ".join(str(number(order, name)) for name in ("bend", "sum", "weigh"))
    assert ["bend", "sum", "weigh"] == read(order, text)


def test_pairs_are_typed_by_letter(every_type: Quiz) -> None:
    """Left sides have letters, right sides numbers."""
    view = shown(every_type, "pairs")
    ids = [choice.id for choice in view.choices]
    text = f"B:{ids.index('stores') + 1} a {ids.index('scales') + 1}"
    assert {"w": "scales", "b": "stores"} == read(view, text)


@pytest.mark.parametrize(
    ("name", "text", "answer"),
    [
        ("true-or-not", "T", "true"),
        ("true-or-not", "no", "false"),
        ("gaps", "3; four", {"m": "3", "n": "four"}),
        ("how-many", " 14 GB ", "14 GB"),
        ("name-it", "ReLU", "ReLU"),
        ("three-steps", "weigh\nsum", "weigh\nsum"),
    ],
)
def test_texts_are_kept(every_type: Quiz, name: str, text: str, answer: Any) -> None:
    """Typed texts are saved as they were typed, without outer spaces."""
    assert answer == read(shown(every_type, name), text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pick-one", "0"),
        ("pick-one", "4"),
        ("pick-one", "1 2"),
        ("pick-one", "straight"),
        ("pick-one", "²"),
        ("pick-one", "9" * 5000),
        ("pick-some", "1 1"),
        ("in-order", "1 2"),
        ("pairs", "a1"),
        ("pairs", "a1 b9"),
        ("gaps", "3"),
        ("true-or-not", "perhaps"),
    ],
)
def test_slips_are_told(every_type: Quiz, name: str, text: str) -> None:
    """What makes no sense is not saved; the student reads what to type instead."""
    with pytest.raises(SessionError):
        read(shown(every_type, name), text)


def test_every_question_says_what_to_type(every_type: Quiz) -> None:
    """Each type has a sentence, and everything that can be picked has a mark."""
    for question in every_type.questions:
        view = shown(every_type, question.id)
        assert how(view).startswith("Type ")
        marks = [mark for mark, text in lines(view) if text]
        assert len(marks) == len(set(marks))


def test_saved_answers_are_known_again(every_type: Quiz) -> None:
    """A saved answer is shown by its texts, not by ids."""
    assert "ReLU; $\\tanh$" == describe(shown(every_type, "pick-some"), ["relu", "tanh"])
    assert "weight: scales an input" == describe(shown(every_type, "pairs"), {"w": "scales"})
    assert "14 GB" == describe(shown(every_type, "how-many"), "14 GB")
