"""Hidden tests of relu."""

from typing import Any

import numpy as np
import pytest

from grader.suite import agree, call, cases, leaves_arguments_alone, repeated
from grader.suites.arguments import numbers

NUMBERS = cases(call(-4), call(2.0), call(-3.0), call(0.0), call(0.75), call(np.array(72.5)))

ARRAYS = cases(
    call(np.array([1.5])),
    call(np.array([-1.0, 0.0, 2.5])),
    call(np.array([[-0.25, 8.5, 0.125], [3.0, -2.0, -9.0]])),
    call(numbers(1, 2, 1, 3)),
)

OTHER_KINDS = cases(
    call([-1.5, 2.25]),
    call(z=((-1, 4), (3, -2))),
    call(np.array([-1.75, 0.3, 4.2], dtype=np.float32)),
)

EMPTY = cases(call([]), call(np.zeros((0, 3))))

TWICE = repeated(cases(call(np.array([-2.0, 1.5])), call([[-1.0, 0.5], [2.0, -0.5]])))


@pytest.mark.points("relu", 2)
def test_numbers(student: Any, reference: Any) -> None:
    """A number that is positive stays, any other becomes 0."""
    agree(student.relu, reference.relu, NUMBERS)


@pytest.mark.points("relu", 3)
def test_arrays(student: Any, reference: Any) -> None:
    """An array of any shape is bent number by number."""
    agree(student.relu, reference.relu, ARRAYS)


@pytest.mark.points("relu", 1)
def test_other_kinds(student: Any, reference: Any) -> None:
    """Lists, tuples, whole numbers and float32 do as well."""
    agree(student.relu, reference.relu, OTHER_KINDS)


@pytest.mark.points("relu", 1, needs_values=True)
def test_empty(student: Any, reference: Any) -> None:
    """An empty array stays empty and keeps its shape."""
    agree(student.relu, reference.relu, EMPTY)


@pytest.mark.points("relu", 1, needs_values=True)
def test_twice(student: Any, reference: Any) -> None:
    """The argument is left as it is, and a second call gives the same."""
    leaves_arguments_alone(student.relu, reference.relu, TWICE)
