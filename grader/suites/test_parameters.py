"""Hidden tests of parameters.py."""

from typing import Any

import numpy as np
import pytest

from grader.suite import agree, call, cases, leaves_arguments_alone, repeated

# 200 layers of uneven widths.
DEEP = [1 + (7 * i) % 11 for i in range(201)]

LAYER = cases(call(1, 1), call(1, 2), call(2, 1), call(3, 2), call(5, 7))
LAYER_OF_LESSON = cases(call(m=784, n=10), call(4096, 4096))
LAYER_LARGE = cases(
    call(94_906_267, 94_906_267),  # just above 2**53, where floats lose digits
    call(1, 2**62 - 1),
    call(3_037_000_498, 3_037_000_499),  # just below 2**63
)
LAYER_NONSENSE = cases(
    call(0, 1), call(1, 0), call(-1, 2), call(2, -1), call(-2, -3), call(2.5, 2), call(2, 2.5)
)


@pytest.mark.points("dense_parameters", 2.5)
def test_layer(student: Any, reference: Any) -> None:
    """Small layers: m*n weights and n biases."""
    agree(student.dense_parameters, reference.dense_parameters, LAYER, kind="count")


@pytest.mark.points("dense_parameters", 1)
def test_layer_of_lesson(student: Any, reference: Any) -> None:
    """Layers as in the lesson, with the arguments named too."""
    agree(student.dense_parameters, reference.dense_parameters, LAYER_OF_LESSON, kind="count")


@pytest.mark.points("dense_parameters", 1)
def test_large_layer(student: Any, reference: Any) -> None:
    """Counts up to 2**63 keep all their digits."""
    agree(student.dense_parameters, reference.dense_parameters, LAYER_LARGE, kind="count")


@pytest.mark.points("dense_parameters", 1.5, needs_values=True)
def test_layer_of_nonsense(student: Any, reference: Any) -> None:
    """A width below 1 or a fraction raises ValueError."""
    agree(student.dense_parameters, reference.dense_parameters, LAYER_NONSENSE, kind="count")


NETWORK = cases(
    call([1, 1]), call([3, 2]), call([2, 3, 1]), call((3, 4, 2)), call(sizes=[5, 2, 7, 3, 4])
)
NETWORK_ARRAY = cases(call(np.array([2, 5, 3])), call(np.array([784, 128, 64, 10])), call(DEEP))
NETWORK_LARGE = cases(
    call([94_906_267, 94_906_267, 1]),
    call(np.array([3_000_000_000, 3_000_000_000, 2])),
    call([1, 3_037_000_498, 3_037_000_497, 1]),
)
NETWORK_NONSENSE = cases(
    call([]), call([3]), call([3, 0]), call([0, 3]), call([2, -1, 2]), call([2, 2.5, 2])
)
NETWORK_REPEATED = repeated(cases(call([2, 3, 1])))


@pytest.mark.points("network_parameters", 2.5)
def test_network(student: Any, reference: Any) -> None:
    """Lists and tuples of sizes: the sum over the pairs of neighbours."""
    agree(student.network_parameters, reference.network_parameters, NETWORK, kind="count")


@pytest.mark.points("network_parameters", 1)
def test_network_of_array(student: Any, reference: Any) -> None:
    """Arrays of sizes, and a network of 200 layers."""
    agree(student.network_parameters, reference.network_parameters, NETWORK_ARRAY, kind="count")


@pytest.mark.points("network_parameters", 1)
def test_large_network(student: Any, reference: Any) -> None:
    """Counts up to 2**63 keep all their digits."""
    agree(student.network_parameters, reference.network_parameters, NETWORK_LARGE, kind="count")


@pytest.mark.points("network_parameters", 1, needs_values=True)
def test_network_of_nonsense(student: Any, reference: Any) -> None:
    """Fewer than two sizes, a width below 1 and a fraction raise ValueError."""
    agree(student.network_parameters, reference.network_parameters, NETWORK_NONSENSE, kind="count")


@pytest.mark.points("network_parameters", 0.5, needs_values=True)
def test_network_twice(student: Any, reference: Any) -> None:
    """The sizes are left alone, and a second call gives the same."""
    leaves_arguments_alone(
        student.network_parameters, reference.network_parameters, NETWORK_REPEATED, kind="count"
    )


FORWARD = cases(
    call([1, 1]), call([3, 2]), call([2, 3, 1]), call((3, 4, 2)), call(np.array([5, 2, 7, 3]))
)
FORWARD_BATCH = cases(
    call([1, 1], 2), call([3, 2], batch=5), call([2, 3, 1, 4], batch=10), call(DEEP, 3)
)
FORWARD_LARGE = cases(
    call([94_906_267, 94_906_269]), call([2_000_003, 2_000_001, 1], batch=2_000_003)
)
FORWARD_NONSENSE = cases(
    call([3]),
    call([3, 0]),
    call([2, -1, 2]),
    call([2.5, 2]),
    call([3, 2], 0),
    call([3, 2], -1),
    call([3, 2], batch=2.5),
)
FORWARD_REPEATED = repeated(cases(call([2, 3, 1], 2)))


@pytest.mark.points("forward_multiplications", 1)
def test_forward_of_one(student: Any, reference: Any) -> None:
    """Without a batch, each weight is multiplied once."""
    agree(student.forward_multiplications, reference.forward_multiplications, FORWARD, kind="count")


@pytest.mark.points("forward_multiplications", 1)
def test_forward_of_batch(student: Any, reference: Any) -> None:
    """Each input of the batch takes every weight once."""
    agree(
        student.forward_multiplications,
        reference.forward_multiplications,
        FORWARD_BATCH,
        kind="count",
    )


@pytest.mark.points("forward_multiplications", 0.5)
def test_large_forward(student: Any, reference: Any) -> None:
    """Counts up to 2**63 keep all their digits."""
    agree(
        student.forward_multiplications,
        reference.forward_multiplications,
        FORWARD_LARGE,
        kind="count",
    )


@pytest.mark.points("forward_multiplications", 1, needs_values=True)
def test_forward_of_nonsense(student: Any, reference: Any) -> None:
    """Sizes and batches that make no sense raise ValueError."""
    agree(
        student.forward_multiplications,
        reference.forward_multiplications,
        FORWARD_NONSENSE,
        kind="count",
    )


@pytest.mark.points("forward_multiplications", 0.5, needs_values=True)
def test_forward_twice(student: Any, reference: Any) -> None:
    """The sizes are left alone, and a second call gives the same."""
    leaves_arguments_alone(
        student.forward_multiplications,
        reference.forward_multiplications,
        FORWARD_REPEATED,
        kind="count",
    )
