"""Hidden tests of weighted_sum and neuron."""

from typing import Any

import numpy as np
import pytest

from grader.suite import agree, call, cases, leaves_arguments_alone, named, repeated
from grader.suites.arguments import as_arrays, numbers

IDENTITY, LEAKY, TANH = named("identity"), named("leaky_relu"), named("tanh")
ABSOLUTE, SQUARE = named("absolute"), named("square")

DIFFERENT_LENGTHS = (
    ([1.0, 2.0], [3.0, 4.0, 5.0], 0.5),
    ([1.0, 2.0, 3.0], [4.0, 5.0], 0.5),
    ([2.0], [3.0, 4.0, 5.0], 0.5),
    ([1.0, 2.0, 3.0], [4.0], 0.5),
)

SUM_OF_ONE = as_arrays(
    cases(
        call([2.0], [3.0], 0.5),
        call([-2.0], [3.0], 1.5),
    )
)

SUM_OF_MANY = as_arrays(
    cases(
        call([1.0, 2.0], [3.0, 5.0], 0.5),
        call(np.array([4.0, -1.0, 2.0]), np.array([0.5, 3.0, -2.5]), -0.75),
        call(numbers(1, 3), numbers(2, 3), 0.0),
        call(numbers(3, 24), numbers(4, 24), 1.25),
    )
)

SUM_OTHER_KINDS = cases(
    call(w=(2, -3), b=1, x=(4, 1)),
    call(np.array([1, 2, 3]), [0.5, 0.25, -1.5], np.float64(2.5)),
    call(np.array([0.1, 0.7], dtype=np.float32), np.array([1.3, 0.9], dtype=np.float32), 0.5),
)

SUM_DIFFERENT_LENGTHS = cases(*(call(*given) for given in DIFFERENT_LENGTHS))

SUM_TWICE = repeated(
    cases(
        call(np.array([1.5, -2.0]), np.array([3.0, 0.5]), 1.0),
        call([1.5, -2.0], [3.0, 0.5], np.array(-1.0)),
    )
)


@pytest.mark.points("weighted_sum", 1)
def test_sum_of_one(student: Any, reference: Any) -> None:
    """One input is multiplied by its weight, and the bias is added."""
    agree(student.weighted_sum, reference.weighted_sum, SUM_OF_ONE)


@pytest.mark.points("weighted_sum", 2)
def test_sum_of_many(student: Any, reference: Any) -> None:
    """Each input is multiplied by its own weight, and the bias is added once."""
    agree(student.weighted_sum, reference.weighted_sum, SUM_OF_MANY)


@pytest.mark.points("weighted_sum", 1)
def test_sum_of_other_kinds(student: Any, reference: Any) -> None:
    """Tuples, whole numbers, float32 and arguments by name do as well."""
    agree(student.weighted_sum, reference.weighted_sum, SUM_OTHER_KINDS)


@pytest.mark.points("weighted_sum", 1, needs_values=True)
def test_sum_of_different_lengths(student: Any, reference: Any) -> None:
    """Inputs and weights that differ in length raise ValueError."""
    agree(student.weighted_sum, reference.weighted_sum, SUM_DIFFERENT_LENGTHS)


@pytest.mark.points("weighted_sum", 1, needs_values=True)
def test_sum_twice(student: Any, reference: Any) -> None:
    """The arguments are left as they are, and a second call gives the same."""
    leaves_arguments_alone(student.weighted_sum, reference.weighted_sum, SUM_TWICE)


DEFAULT = as_arrays(
    cases(
        call([2.0], [3.0], 0.5),
        call([2.0], [3.0], -8.0),
        call([2.0, -1.0], [1.5, 4.0], 3.0),
        call(numbers(11, 5), numbers(12, 5), -0.25),
    )
)

ACTIVATIONS = as_arrays(
    cases(
        call([2.0], [3.0], -8.0, IDENTITY),
        call([1.0, 2.0], [-3.0, 0.5], 0.5, SQUARE),
        call([1.0, 2.0], [-3.0, 0.5], 0.5, activation=LEAKY),
        call(numbers(13, 4), numbers(14, 4), 0.1, TANH),
    )
)

NEURON_OTHER_KINDS = cases(
    call(activation=ABSOLUTE, b=-9, w=(2, -3), x=(4, 1)),
    call(np.array([1, 2, 3]), [0.5, 0.25, 1.5], np.float64(-2.25)),
    call(np.array([0.1, 0.7], dtype=np.float32), np.array([1.3, 0.9], dtype=np.float32), 0.5),
)

NEURON_DIFFERENT_LENGTHS = cases(*(call(*given, IDENTITY) for given in DIFFERENT_LENGTHS))

NEURON_TWICE = repeated(
    cases(
        call(np.array([1.5, -2.0]), np.array([3.0, 0.5]), 1.0),
        call([1.5, -2.0], [3.0, 0.5], -4.0, IDENTITY),
    )
)


@pytest.mark.points("neuron", 2)
def test_default(student: Any, reference: Any) -> None:
    """Unless told otherwise, a neuron bends its weighted sum with relu."""
    agree(student.neuron, reference.neuron, DEFAULT)


@pytest.mark.points("neuron", 3)
def test_activations(student: Any, reference: Any) -> None:
    """A neuron bends its weighted sum with the activation that it is given."""
    agree(student.neuron, reference.neuron, ACTIVATIONS)


@pytest.mark.points("neuron", 1)
def test_neuron_of_other_kinds(student: Any, reference: Any) -> None:
    """Tuples, whole numbers, float32 and arguments by name do as well."""
    agree(student.neuron, reference.neuron, NEURON_OTHER_KINDS)


@pytest.mark.points("neuron", 1, needs_values=True)
def test_neuron_of_different_lengths(student: Any, reference: Any) -> None:
    """Inputs and weights that differ in length raise ValueError."""
    agree(student.neuron, reference.neuron, NEURON_DIFFERENT_LENGTHS)


@pytest.mark.points("neuron", 1, needs_values=True)
def test_neuron_twice(student: Any, reference: Any) -> None:
    """The arguments are left as they are, and a second call gives the same."""
    leaves_arguments_alone(student.neuron, reference.neuron, NEURON_TWICE)
