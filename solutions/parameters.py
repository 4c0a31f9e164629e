"""Parameters: how many numbers a network stores and multiplies."""

from collections.abc import Sequence
from itertools import pairwise


def dense_parameters(m: int, n: int) -> int:
    """Count the weights and biases of one layer: m*n + n.

    Every one of the m inputs has a weight to every one of the n neurons, and every neuron
    has one bias.

    Args:
        m: inputs of the layer, at least 1.
        n: neurons of the layer, at least 1.

    Returns:
        The number of parameters, an exact whole number.

    Raises:
        ValueError: where m or n is not a whole number of at least 1.

    Example (3 * 2 weights and 2 biases):
        >>> dense_parameters(3, 2)
        8

    Lesson 04, "The engineering cost of depth and width".
    """
    m, n = _whole(m), _whole(n)
    return m * n + n


def network_parameters(sizes: Sequence[int]) -> int:
    """Count the weights and biases of a network: the sum of m*n + n over its layers.

    Args:
        sizes: widths of the layers, input first, output last: a list, tuple or array of at
            least two whole numbers. Each width m and its right neighbour n make one layer.

    Returns:
        The number of parameters, an exact whole number.

    Raises:
        ValueError: where there are fewer than two sizes, or one of them is not a whole
            number of at least 1.

    Example (3 inputs, 4 hidden neurons, 2 outputs: 16 + 10):
        >>> network_parameters([3, 4, 2])
        26

    Lesson 04, "The engineering cost of depth and width".
    """
    _at_least_two(sizes)
    return sum(dense_parameters(m, n) for m, n in pairwise(sizes))


def forward_multiplications(sizes: Sequence[int], batch: int = 1) -> int:
    """Count the multiplications of a forward pass: batch * the sum of m*n over the layers.

    Each input of the batch is multiplied by every weight once. Biases are only added.

    Args:
        sizes: widths of the layers, input first, output last: a list, tuple or array of at
            least two whole numbers.
        batch: how many inputs go through the network, at least 1.

    Returns:
        The number of multiplications, an exact whole number.

    Raises:
        ValueError: where there are fewer than two sizes, or one of them or batch is not a
            whole number of at least 1.

    Example (10 inputs, each 3*4 + 4*2 = 20 multiplications):
        >>> forward_multiplications([3, 4, 2], batch=10)
        200

    Lesson 04, "The engineering cost of depth and width".
    """
    _at_least_two(sizes)
    widths = [_whole(size) for size in sizes]
    return _whole(batch) * sum(m * n for m, n in pairwise(widths))


def _whole(value: int) -> int:
    """Give the value as a Python int, which never wraps; ValueError where it makes no sense."""
    if not value >= 1 or value % 1:
        raise ValueError(f"{value} is no whole number of at least 1")
    return int(value)


def _at_least_two(sizes: Sequence[int]) -> None:
    """Refuse a network without an input and an output."""
    if len(sizes) < 2:
        raise ValueError(f"sizes must list at least two widths, found {len(sizes)}")
