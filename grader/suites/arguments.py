"""Arguments for the hidden suites: numbers that read well in a message, the same every time."""

from itertools import pairwise

import numpy as np


def numbers(seed: int, *shape: int, largest: float = 2.0) -> np.ndarray:
    """Give an array of numbers with three decimals.

    Args:
        seed: another one, other numbers.
        shape: of the array.
        largest: their absolute value stays below it.
    """
    return np.random.default_rng(seed).uniform(-largest, largest, shape).round(3)


def layers(seed: int, *sizes: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Give layers (W, b) of these widths, input first, output last."""
    return [
        (numbers(seed + 2 * i, m, n), numbers(seed + 2 * i + 1, n))
        for i, (m, n) in enumerate(pairwise(sizes))
    ]
