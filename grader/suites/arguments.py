"""Arguments for the hidden suites: numbers that read well in a message, the same every time."""

from itertools import pairwise

import numpy as np

from grader.suite import Cases, call, cases


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


def as_arrays(given: Cases) -> Cases:
    """Give the same calls with arrays in the place of lists of numbers.

    Who forgets that lists will do as well should lose the points of the test that says so, and not
    those of all others.
    """
    return cases(
        *(
            call(
                *(_as_array(arg) for arg in one.args),
                **{name: _as_array(value) for name, value in one.kwargs.items()},
            )
            for one in given
        )
    )


def _as_array(value: object) -> object:
    if isinstance(value, tuple):  # a layer
        return tuple(_as_array(part) for part in value)
    if isinstance(value, list) and value and isinstance(value[0], tuple):  # layers
        return [_as_array(layer) for layer in value]
    return np.array(value) if isinstance(value, list) else value
