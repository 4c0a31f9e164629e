"""Hidden tests of network, collapse and xor_layers."""

from typing import Any

import numpy as np
import pytest

from grader.sandbox.wire import Repeated
from grader.suite import agree, call, cases, leaves_arguments_alone, repeated, separates_xor
from grader.suites.arguments import as_arrays, layers, numbers


def turns(count: int, shrink: float = 1.0) -> list[tuple[np.ndarray, np.ndarray]]:
    """Give layers that turn the plane a little, the same four in turn.

    Many of them stay finite, and what comes out is not all positive: ReLU would show.
    """
    angles = numbers(90, 4, largest=0.5)
    W = shrink * np.array([[np.cos(angles), np.sin(angles)], [-np.sin(angles), np.cos(angles)]])
    four = [(W[:, :, i].round(3), numbers(119 + i, 2, largest=0.3)) for i in range(4)]
    return Repeated(four, count // 4)


ONE = [([[3.0]], [-10.0])]
TWO = [([[1.0, -2.0]], [-3.0, 5.0]), ([[2.0], [-4.0]], [0.5])]
NARROW = [([[2.0]], [1.0]), ([[3.0]], [-20.0]), ([[-1.5]], [0.25])]
SQUARE = [
    (np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([1.0, -4.0])),
    (np.array([[2.0, 1.0], [-1.0, 0.5]]), np.array([-3.0, 2.0])),
]
WHOLE = ([[[2, -1], [3, 1]], [1, -4]], [[[-1], [-5]], [2]])
SINGLE = [(W.astype(np.float32), b.astype(np.float32)) for W, b in layers(60, 2, 3, 2)]

ONE_LAYER = as_arrays(
    cases(
        call([2.0], ONE),
        call([1.0, -2.0], SQUARE[:1]),
    )
)

TWO_LAYERS = as_arrays(
    cases(
        call([2.0], TWO),
        call([-1.0], TWO),
        call([1.5, 1.0], SQUARE),
        call(numbers(1, 3), layers(2, 3, 5, 2)),
    )
)

MORE_LAYERS = as_arrays(
    cases(
        call([1.0], NARROW),
        call(numbers(10, 1, 3), layers(11, 3, 4, 2, 3)),
        call(numbers(20, 6, 2), layers(21, 2, 6, 5, 4, 1)),
    )
)

MANY_LAYERS = cases(call([0.5, -1.0], turns(200, shrink=0.9)))

NETWORK_OTHER_KINDS = cases(
    call(layers=WHOLE, x=(3, -1)),
    call(np.array([0.25, -0.75], dtype=np.float32), SINGLE),
)

NETWORK_EMPTY = cases(call([1.0, 2.0], []))

NETWORK_TWICE = repeated(cases(call(np.array([1.5, 1.0]), SQUARE), call([[2.0], [-1.0]], TWO)))


@pytest.mark.points("network", 2)
def test_one_layer(student: Any, reference: Any) -> None:
    """A single layer is the last one: its output is left as it is."""
    agree(student.network, reference.network, ONE_LAYER)


@pytest.mark.points("network", 3)
def test_two_layers(student: Any, reference: Any) -> None:
    """The hidden layer is bent by ReLU and feeds the last one."""
    agree(student.network, reference.network, TWO_LAYERS)


@pytest.mark.points("network", 3)
def test_more_layers(student: Any, reference: Any) -> None:
    """Deeper networks bend after every layer but the last, for one input and for a batch."""
    agree(student.network, reference.network, MORE_LAYERS)


@pytest.mark.points("network", 1)
def test_many_layers(student: Any, reference: Any) -> None:
    """Two hundred layers are a network too."""
    agree(student.network, reference.network, MANY_LAYERS)


@pytest.mark.points("network", 1)
def test_network_of_other_kinds(student: Any, reference: Any) -> None:
    """Lists, tuples, whole numbers, float32 and arguments by name do as well."""
    agree(student.network, reference.network, NETWORK_OTHER_KINDS)


@pytest.mark.points("network", 1, needs_values=True)
def test_network_without_layers(student: Any, reference: Any) -> None:
    """An empty list of layers raises ValueError."""
    agree(student.network, reference.network, NETWORK_EMPTY)


@pytest.mark.points("network", 1, needs_values=True)
def test_network_twice(student: Any, reference: Any) -> None:
    """The arguments are left as they are, and a second call gives the same."""
    leaves_arguments_alone(student.network, reference.network, NETWORK_TWICE)


COLLAPSE_ONE = as_arrays(cases(call(ONE), call(SQUARE[:1])))

COLLAPSE_TWO = as_arrays(
    cases(call(NARROW[:2]), call(SQUARE), call(TWO), call(layers(30, 3, 4, 2)))
)

COLLAPSE_MORE = as_arrays(
    cases(call(NARROW), call([*SQUARE, *SQUARE]), call(layers(40, 2, 4, 3, 5, 1)))
)

COLLAPSE_MANY = cases(call(turns(200)))

COLLAPSE_OTHER_KINDS = cases(call(layers=WHOLE), call(SINGLE))

COLLAPSE_EMPTY = cases(call([]))

COLLAPSE_TWICE = repeated(cases(call(NARROW), call(SQUARE)))


@pytest.mark.points("collapse", 1)
def test_collapse_one_layer(student: Any, reference: Any) -> None:
    """One layer is already the one pair (W, b)."""
    agree(student.collapse, reference.collapse, COLLAPSE_ONE, kind="pair")


@pytest.mark.points("collapse", 3)
def test_collapse_two_layers(student: Any, reference: Any) -> None:
    """Two layers without a bend do what one layer does."""
    agree(student.collapse, reference.collapse, COLLAPSE_TWO, kind="pair")


@pytest.mark.points("collapse", 2)
def test_collapse_more_layers(student: Any, reference: Any) -> None:
    """So do three and more, of any widths."""
    agree(student.collapse, reference.collapse, COLLAPSE_MORE, kind="pair")


@pytest.mark.points("collapse", 1)
def test_collapse_many_layers(student: Any, reference: Any) -> None:
    """So do two hundred."""
    agree(student.collapse, reference.collapse, COLLAPSE_MANY, kind="pair")


@pytest.mark.points("collapse", 1)
def test_collapse_other_kinds(student: Any, reference: Any) -> None:
    """Lists, tuples, whole numbers, float32 and arguments by name do as well."""
    agree(student.collapse, reference.collapse, COLLAPSE_OTHER_KINDS, kind="pair")


@pytest.mark.points("collapse", 1, needs_values=True)
def test_collapse_without_layers(student: Any, reference: Any) -> None:
    """An empty list of layers raises ValueError."""
    agree(student.collapse, reference.collapse, COLLAPSE_EMPTY, kind="pair")


@pytest.mark.points("collapse", 1, needs_values=True)
def test_collapse_twice(student: Any, reference: Any) -> None:
    """The arguments are left as they are, and a second call gives the same."""
    leaves_arguments_alone(student.collapse, reference.collapse, COLLAPSE_TWICE, kind="pair")


XOR = cases(call())
XOR_TWICE = repeated(XOR)


@pytest.mark.points("xor_layers", 7)
def test_xor(student: Any, reference: Any) -> None:
    """The outputs are above 0.5 exactly where one of the two inputs is 1."""
    separates_xor(student.xor_layers, reference.network, XOR)


@pytest.mark.points("xor_layers", 1, needs_values=True)
def test_xor_twice(student: Any, reference: Any) -> None:
    """A second call gives such layers too."""
    separates_xor(student.xor_layers, reference.network, XOR_TWICE)
