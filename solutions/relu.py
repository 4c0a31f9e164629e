"""ReLU: the most common bend."""

import numpy as np
from numpy.typing import ArrayLike


def relu(z: ArrayLike) -> np.ndarray:
    """Bend each number: keep z where it is positive, otherwise 0; that is max(z, 0).

    Args:
        z: a number, or an array of any shape (lists too). It is left as it is.

    Returns:
        A number for a number; for an array a new array of the same shape.

    Example:
        >>> relu([-2.0, 0.0, 3.0]).tolist()
        [0.0, 0.0, 3.0]
        >>> float(relu(-1.5))
        0.0

    Lesson 04, "Why the bend matters".
    """
    return np.maximum(z, 0)
