"""The lesson's quiz: what the specification says of it, and its keys held against `solutions`."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

import pytest

from quiz.check import variants_of
from quiz.expressions import evaluate
from quiz.model import Numeric, Quiz
from quiz.variants import shown_numbers
from solutions.memory import training_bytes, weight_bytes
from solutions.parameters import dense_parameters, forward_multiplications, network_parameters

CHECKPOINT = {
    "three-steps": ["weigh", "sum", "bend"],
    "weight-and-bias": ["weight", "bias"],
    "collapse": ["composition", "one-layer"],
    "layers-and-depth": ["input", "output", "hidden", "deep"],
    "weights-between-layers": ["count", "memory", "compute"],
}

BILLION = 10**9

SOLVED: dict[str, Callable[[dict[str, Any]], float]] = {
    "layer-parameters": lambda v: dense_parameters(v["m"], v["n"]),
    "network-parameters": lambda v: network_parameters([v["inputs"], v["hidden"], v["outputs"]]),
    "square-layer": lambda v: dense_parameters(v["width"], v["width"]) - v["width"],
    "weights-7b": lambda v: weight_bytes(7 * BILLION, v["bits"]) / 10**9,
    "weights-in-bytes": lambda v: weight_bytes(v["billions"] * BILLION, 16) / 2**30,
    "fits-gpu": lambda v: largest_that_fits(v["gpu"] * 10**9, v["bits"]),
    "gpus-needed": lambda v: ceil(weight_bytes(v["billions"] * BILLION, 16) / (v["gpu"] * 10**9)),
    "training-memory": lambda v: v["millions"] * bytes_per_parameter(v["optimizer"]) / 1000,
    "doubled-width": lambda v: (
        forward_multiplications([v["width"] * v["factor"]] * 2)
        / forward_multiplications([v["width"]] * 2)
    ),
    "forward-multiplications": lambda v: forward_multiplications(
        [v["inputs"], v["hidden"], v["outputs"]], v["batch"]
    ),
}


def largest_that_fits(budget: int, bits: int) -> int:
    """The largest count whose weights fit, found with the reference alone."""
    low, high = 0, budget * 8
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if weight_bytes(middle, bits) <= budget else (low, middle - 1)
    return low


def bytes_per_parameter(optimizer: str) -> float:
    """What training takes a parameter, activations taken off again."""
    sizes = [1000, 1000]
    activations = 4 * sum(sizes)
    whole = training_bytes(sizes, 1, optimizer, "fp32") - activations
    return whole / network_parameters(sizes)


def test_checkpoint_is_the_lessons(lesson: Quiz) -> None:
    """Five questions with their concepts, a point each: 14 points."""
    asked = {q.id: q for q in lesson.questions if q.part == "checkpoint"}
    assert CHECKPOINT == {n: [c.id for c in q.concepts] for n, q in asked.items()}  # type: ignore[union-attr]
    assert 14 == sum(question.points for question in asked.values())
    assert all(q.points == len(CHECKPOINT[name]) for name, q in asked.items())


def test_quick_check_is_the_lessons(lesson: Quiz) -> None:
    """Three questions hold the lesson's nine options, each with feedback: 6 points."""
    asked: list[Any] = [q for q in lesson.questions if q.part == "quick-check"]
    texts = [option.text for question in asked for option in question.options]
    assert ["neuron-computes", "why-nonlinearity", "what-is-deep"] == [q.id for q in asked]
    assert 9 == len(set(texts))
    assert "It stores past inputs and averages them over time" in texts
    assert all(option.feedback for question in asked for option in question.options)
    assert 6 == sum(question.points for question in asked)


def test_budgets_have_variants_units_and_mistakes(lesson: Quiz) -> None:
    """At least ten numeric questions with variants, units and named mistakes: 10 points."""
    asked = [q for q in lesson.questions if q.part == "budgets"]
    assert len(asked) >= 10
    assert 10 == sum(question.points for question in asked)
    for question in asked:
        assert isinstance(question, Numeric)
        assert question.unit
        assert len(question.mistakes) >= 3
        assert len(list(variants_of(question))) >= 3


def test_every_budget_is_held_against_the_solutions(lesson: Quiz) -> None:
    """No numeric question is without a second way to its key."""
    assert set(SOLVED) == {q.id for q in lesson.questions if isinstance(q, Numeric)}


@pytest.mark.parametrize("name", SOLVED)
def test_keys_agree_with_the_solutions(lesson: Quiz, name: str) -> None:
    """In every variant the key is what the reference functions come to."""
    question = lesson.question(name)
    assert isinstance(question, Numeric)
    assert question.answer is not None
    for drawn in variants_of(question):
        numbers = shown_numbers(question, drawn)
        assert pytest.approx(SOLVED[name](numbers), rel=1e-12) == evaluate(question.answer, numbers)


def test_mistakes_lead_to_different_numbers(lesson: Quiz) -> None:
    """In some variant, each mistake of a question can be told from each other one."""
    for question in lesson.questions:
        if not isinstance(question, Numeric):
            continue
        values = [
            tuple(evaluate(m.value, shown_numbers(question, drawn)) for m in question.mistakes)
            for drawn in variants_of(question)
        ]
        columns = list(zip(*values, strict=True))
        assert len(columns) == len(set(columns)), question.id


def test_thirty_points(lesson: Quiz) -> None:
    """The quiz counts for 30 points."""
    assert 30 == lesson.max_points
