"""One layer: many neurons side by side, all looking at the same inputs."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from solutions.relu import relu


def dense(
    x: ArrayLike, W: ArrayLike, b: ArrayLike, activation: Callable[[np.ndarray], np.ndarray] = relu
) -> np.ndarray:
    """Run a layer of n neurons fed by m inputs: activation(x @ W + b).

    Args:
        x: one input of shape (m,), or a batch of them of shape (batch, m).
        W: the weights, of shape (m, n); row i holds the weights leaving input i.
        b: the biases, of shape (n,).
        activation: the function that bends every number; your own relu, unless told otherwise.

    Returns:
        The layer's output, of shape (n,) for one input and (batch, n) for a batch.

    Raises:
        ValueError: where the last axis of x is not m, or b is not of shape (n,).

    Example (two inputs, three neurons; the last one's sum, 1*3 + 2*0 - 4, is below 0):
        >>> dense([1.0, 2.0], [[1.0, 2.0, 3.0], [10.0, 1.0, 0.0]], [0.5, 0.0, -4.0]).tolist()
        [21.5, 4.0, 0.0]

    Lesson 04, "A layer is just many neurons at once".
    """
    x, W, b = np.asarray(x), np.asarray(W), np.asarray(b)
    m, n = W.shape
    if x.shape[-1] != m:
        raise ValueError(f"W has a row for each of {m} inputs, but x has {x.shape[-1]}")
    if b.shape != (n,):
        raise ValueError(f"{n} neurons need biases of shape ({n},), found {b.shape}")
    return activation(x @ W + b)
