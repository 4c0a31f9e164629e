"""One neuron: weigh, sum, bend."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from solutions.relu import relu


def weighted_sum(x: ArrayLike, w: ArrayLike, b: float) -> float:
    """Weigh and sum: w[0]*x[0] + w[1]*x[1] + … + b.

    Args:
        x: the inputs, of shape (n,).
        w: one weight for each input, of shape (n,).
        b: the bias, a number.

    Returns:
        One number.

    Raises:
        ValueError: where x and w differ in length.

    Example (2*1 + 3*10 + 0.5):
        >>> float(weighted_sum([1.0, 10.0], [2.0, 3.0], 0.5))
        32.5

    Lesson 04, "Start with one neuron".
    """
    x, w = np.asarray(x), np.asarray(w)
    if x.shape != w.shape:
        raise ValueError(f"{x.size} inputs need {x.size} weights, found {w.size}")
    total: float = np.sum(w * x) + b
    return total


def neuron(x: ArrayLike, w: ArrayLike, b: float, activation: Callable[[Any], Any] = relu) -> float:
    """Weigh, sum, bend: activation(w[0]*x[0] + w[1]*x[1] + … + b).

    Args:
        x: the inputs, of shape (n,).
        w: one weight for each input, of shape (n,).
        b: the bias, a number.
        activation: the function that bends the sum; your own relu, unless told otherwise.

    Returns:
        One number.

    Raises:
        ValueError: where x and w differ in length.

    Example (the sum is 1*2 - 5 = -3, and relu makes it 0):
        >>> float(neuron([1.0], [2.0], -5.0))
        0.0
        >>> float(neuron([1.0], [2.0], -5.0, activation=abs))
        3.0

    Lesson 04, "Start with one neuron".
    """
    out: float = activation(weighted_sum(x, w, b))
    return out
