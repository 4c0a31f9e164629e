"""Hidden tests of dense."""

from typing import Any

import numpy as np
import pytest

from grader.suite import agree, call, cases, leaves_arguments_alone, named, repeated
from grader.suites.arguments import as_arrays, numbers

IDENTITY, TANH = named("identity"), named("tanh")
ABSOLUTE, SQUARE = named("absolute"), named("square")

ONE_NEURON = as_arrays(
    cases(
        call([2.0], [[3.0]], [0.5]),
        call([2.0], [[3.0]], [-8.0]),
    )
)

ONE_INPUT = as_arrays(
    cases(
        call([2.0], [[3.0, -1.0]], [0.5, 4.0]),
        call([-1.0, 2.0], [[1.0, -3.0], [0.5, 4.0]], [-0.25, -6.0]),
        call(numbers(31, 3), numbers(32, 3, 2), numbers(33, 2)),
    )
)

BATCHES = as_arrays(
    cases(
        call([[1.0], [2.0], [3.0]], [[-2.0]], [5.0]),
        call([[1.0, 2.0], [-3.0, 0.5]], [[1.0, -3.0], [0.5, 4.0]], [0.25, 2.0]),
        call([[2.0, 1.0]], [[1.0, -2.0, 0.5], [3.0, 1.0, -4.0]], [0.5, 4.0, 1.0]),
        call(numbers(4, 6, 4), numbers(5, 4, 3), numbers(6, 3)),
    )
)

ACTIVATIONS = as_arrays(
    cases(
        call([2.0], [[3.0]], [-8.0], IDENTITY),
        call([1.0, -2.0], [[3.0, 0.5], [0.25, 1.0]], [0.5, -1.0], activation=SQUARE),
        call(numbers(10, 3, 2), numbers(11, 2, 4), numbers(12, 4), TANH),
    )
)

OTHER_KINDS = cases(
    call(activation=ABSOLUTE, b=(1, -9), W=((2, 3), (-1, 1)), x=(4, 1)),
    call(
        np.array([[0.1, 0.7]], dtype=np.float32),
        np.array([[1.3, -0.4, 0.6], [0.9, 0.2, -1.1]], dtype=np.float32),
        np.array([0.5, 0.3, 0.2], dtype=np.float32),
    ),
)

W_3_TO_2 = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
W_2_TO_3 = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]

OTHER_SHAPES = cases(
    call([2.0], [[3.0]], 0.5, IDENTITY),
    call([2.0], W_3_TO_2, [0.5, 1.0], IDENTITY),
    call([1.0, 2.0, 3.0], W_2_TO_3, [0.5, 1.0, 1.5], IDENTITY),
    call([1.0, 2.0], W_2_TO_3, [0.5], IDENTITY),
    call([1.0, 2.0], W_2_TO_3, [0.5, 1.0, 1.5, 2.0], IDENTITY),
    call([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], W_3_TO_2, [0.5, 1.0], IDENTITY),
    call([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], W_2_TO_3, [[0.5], [1.0], [1.5]], IDENTITY),
    call([[1.0, 2.0]], W_2_TO_3, [[0.5, 1.0, 1.5]], IDENTITY),
)

TWICE = repeated(
    cases(call(np.array([1.5, -2.0]), [[3.0, 0.5], [1.0, -1.0]], np.array([1.0, -4.0])))
)


@pytest.mark.points("dense", 2)
def test_one_neuron(student: Any, reference: Any) -> None:
    """A layer of one neuron gives a list of one number."""
    agree(student.dense, reference.dense, ONE_NEURON)


@pytest.mark.points("dense", 2)
def test_one_input(student: Any, reference: Any) -> None:
    """Every neuron looks at the same inputs with its own weights and bias."""
    agree(student.dense, reference.dense, ONE_INPUT)


@pytest.mark.points("dense", 3)
def test_batches(student: Any, reference: Any) -> None:
    """A batch of inputs gives a batch of outputs, also a batch of one."""
    agree(student.dense, reference.dense, BATCHES)


@pytest.mark.points("dense", 2)
def test_activations(student: Any, reference: Any) -> None:
    """A layer bends with the activation that it is given."""
    agree(student.dense, reference.dense, ACTIVATIONS)


@pytest.mark.points("dense", 1)
def test_other_kinds(student: Any, reference: Any) -> None:
    """Tuples, whole numbers, float32 and arguments by name do as well."""
    agree(student.dense, reference.dense, OTHER_KINDS)


@pytest.mark.points("dense", 1, needs_values=True)
def test_other_shapes(student: Any, reference: Any) -> None:
    """Inputs or biases that do not fit the weights raise ValueError."""
    agree(student.dense, reference.dense, OTHER_SHAPES)


@pytest.mark.points("dense", 1, needs_values=True)
def test_twice(student: Any, reference: Any) -> None:
    """The arguments are left as they are, and a second call gives the same."""
    leaves_arguments_alone(student.dense, reference.dense, TWICE)
