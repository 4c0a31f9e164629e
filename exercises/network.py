"""A network: layers that feed each other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from exercises.dense import dense


def network(x: ArrayLike, layers: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Run the layers one after the other: relu(… relu(x @ W1 + b1) @ W2 + b2 …) @ Wk + bk.

    Each layer feeds the next. ReLU follows every layer but the last, whose output is left as it
    is.

    Args:
        x: one input of shape (m,), or a batch of them of shape (batch, m).
        layers: a list of at least one (W, b), each as dense takes them (lists too).

    Returns:
        The last layer's output, of shape (n,) for one input and (batch, n) for a batch.

    Raises:
        ValueError: where the list of layers is empty.

    Example (the hidden layer gives relu([1 - 3, 1 + 3]) = [0, 4], the last one 5*0 - 2*4):
        >>> hidden = ([[1.0, 1.0]], [-3.0, 3.0])
        >>> last = ([[5.0], [-2.0]], [0.0])
        >>> network([1.0], [hidden, last]).tolist()
        [-8.0]

    Lesson 04, "Stacking is what bends the shape".
    """
    raise NotImplementedError(
        "network: run x through every layer, with relu after all but the last"
    )


def collapse(layers: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Find the one layer that does what all the layers do without any activation.

    Two layers give (x @ W1 + b1) @ W2 + b2 = x @ (W1 @ W2) + (b1 @ W2 + b2).

    Args:
        layers: a list of at least one (W, b), each as dense takes them (lists too).

    Returns:
        The pair (W, b), shaped as in dense: x @ W + b is what all the layers give, for every x.

    Raises:
        ValueError: where the list of layers is empty.

    Example (doubling and adding 1, then tripling and adding 5):
        >>> W, b = collapse([([[2.0]], [1.0]), ([[3.0]], [5.0])])
        >>> W.tolist(), b.tolist()
        ([[6.0]], [8.0])

    Lesson 04, "Why the bend matters".
    """
    raise NotImplementedError(
        "collapse: multiply two layers out into one, then take in the next one"
    )


def xor_layers() -> list[tuple[np.ndarray, np.ndarray]]:
    """Choose weights with which a network tells whether exactly one of two inputs is 1.

    No straight line separates (0, 1) and (1, 0) from (0, 0) and (1, 1); one hidden layer does.

    Returns:
        A list of (W, b) for network: two inputs, at least one hidden layer, one output that is
        above 0.5 for (0, 1) and (1, 0) and below 0.5 for (0, 0) and (1, 1).

    Example:
        >>> layers = xor_layers()
        >>> len(layers) >= 2
        True
        >>> (network([[0, 0], [0, 1], [1, 0], [1, 1]], layers) > 0.5).tolist()
        [[False], [True], [True], [False]]

    Lesson 04, "Stacking is what bends the shape".
    """
    raise NotImplementedError(
        "xor_layers: choose W and b of a hidden layer, then of the output layer"
    )
