"""Wrong versions of the counts of parameters.

Seen in public, among others: forgotten biases (netscope #17), a bias for each input (mxnet #7528),
for each weight (flops-counter.pytorch #73), one for a whole layer (danku #9), none for the output
layer (sml-book-page #33), biases counted among the multiplications (pytorch-OpCounter #53).
"""

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import signature
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from solutions.misconceptions import misconception
from solutions.parameters import dense_parameters, forward_multiplications, network_parameters

Count = Callable[..., Any]


def wrong(reference: Count) -> Callable[[str, str], Callable[[Count], Count]]:
    """Make the decorator of wrong versions that refuse what their reference refuses.

    Args:
        reference: the function from the solutions; its name is the graded function's.

    Returns:
        A function that takes a misconception's id and text, and gives its decorator. What is
        decorated gets all arguments by position, also those left to their defaults, as plain
        Python numbers and lists, and only such that the reference takes.
    """

    def named(id: str, text: str) -> Callable[[Count], Count]:  # noqa: A002
        def decorate(implementation: Count) -> Count:
            @wraps(implementation)
            def checked(*args: object, **kwargs: object) -> object:
                reference(*args, **kwargs)
                bound = signature(reference).bind(*args, **kwargs)
                bound.apply_defaults()
                return implementation(*map(_plain, bound.args))

            return misconception(reference.__name__, id, text)(checked)

        return decorate

    return named


def _plain(value: object) -> object:
    """Take arrays and their numbers as Python's own, which do not wrap."""
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


_dense = wrong(dense_parameters)


@_dense("forgets-biases", "behaves like a layer that forgets the biases")
def _(m: int, n: int) -> int:
    return m * n


@_dense("bias-per-input", "behaves like a layer with a bias for each input, not for each neuron")
def _(m: int, n: int) -> int:
    return m * n + m


@_dense("one-bias", "behaves like a layer with a single bias for all its neurons")
def _(m: int, n: int) -> int:
    return m * n + 1


@_dense("bias-per-weight", "behaves like a layer with a bias for each weight")
def _(m: int, n: int) -> int:
    return 2 * m * n


@_dense("biases-on-both-sides", "behaves like a layer whose inputs have biases too")
def _(m: int, n: int) -> int:
    return m * n + m + n


@_dense("bias-on-the-bias", "behaves like a layer whose bias counts as a neuron on both sides")
def _(m: int, n: int) -> int:
    return (m + 1) * (n + 1)


@_dense("counts-neurons", "behaves like a count of the neurons on both sides, not of the weights")
def _(m: int, n: int) -> int:
    return m + n


@_dense("biases-only", "behaves like a count of the biases alone")
def _(m: int, n: int) -> int:
    return n


@_dense("squares-width", "behaves like a layer that is fed by as many neurons as it has")
def _(m: int, n: int) -> int:
    return n * n + n


@_dense("loses-digits", "behaves like a count in floats, which lose digits of large numbers")
def _(m: int, n: int) -> float:
    return float(m) * float(n) + float(n)


@misconception(
    "dense_parameters", "no-checks", "behaves like a count that takes widths that make no sense"
)
def _(m: int, n: int) -> int:
    return m * n + n


@misconception(
    "dense_parameters", "cuts-fractions", "behaves like a count that cuts half a neuron off"
)
def _(m: int, n: int) -> int:
    return dense_parameters(int(m), int(n))


_network = wrong(network_parameters)


@_network("forgets-biases", "behaves like a network that forgets the biases")
def _(sizes: Sequence[int]) -> int:
    return sum(m * n for m, n in pairwise(sizes))


@_network("counts-neurons", "behaves like a count of the neurons, not of the weights and biases")
def _(sizes: Sequence[int]) -> int:
    return sum(sizes)


@_network("biases-on-input", "behaves like a network whose input layer has biases too")
def _(sizes: Sequence[int]) -> int:
    return network_parameters(sizes) + sizes[0]


@_network("bias-per-input", "behaves like a network with a bias for each input of a layer")
def _(sizes: Sequence[int]) -> int:
    return sum(m * n + m for m, n in pairwise(sizes))


@_network("one-bias", "behaves like a network with a single bias a layer")
def _(sizes: Sequence[int]) -> int:
    return sum(m * n + 1 for m, n in pairwise(sizes))


@_network("bias-on-the-bias", "behaves like a network whose bias counts as a neuron on both sides")
def _(sizes: Sequence[int]) -> int:
    return sum((m + 1) * (n + 1) for m, n in pairwise(sizes))


@_network("no-output-biases", "behaves like a network whose output layer has no biases")
def _(sizes: Sequence[int]) -> int:
    return network_parameters(sizes) - sizes[-1]


@_network("first-layer-only", "behaves like a count of the first layer alone")
def _(sizes: Sequence[int]) -> int:
    return network_parameters(sizes[:2])


@_network("last-layer-only", "behaves like a count of the last layer alone")
def _(sizes: Sequence[int]) -> int:
    return network_parameters(sizes[-2:])


@_network("skips-hidden", "behaves like a network that joins its input straight to its output")
def _(sizes: Sequence[int]) -> int:
    return dense_parameters(sizes[0], sizes[-1])


@_network("forgets-last-layer", "behaves like a loop that stops one layer early")
def _(sizes: Sequence[int]) -> int:
    return sum(dense_parameters(m, n) for m, n in pairwise(sizes[:-1]))


@_network("separate-pairs", "behaves like a loop that takes the sizes two by two, each only once")
def _(sizes: Sequence[int]) -> int:
    return sum(dense_parameters(m, n) for m, n in zip(sizes[::2], sizes[1::2], strict=False))


@_network("multiplies-layers", "behaves like a count that multiplies the layers, not adds them")
def _(sizes: Sequence[int]) -> int:
    return prod(dense_parameters(m, n) for m, n in pairwise(sizes))


@_network("loses-digits", "behaves like a count in floats, which lose digits of large numbers")
def _(sizes: Sequence[int]) -> float:
    return sum(float(m) * n + n for m, n in pairwise(sizes))


@misconception(
    "network_parameters", "no-checks", "behaves like a count that takes sizes that make no sense"
)
def _(sizes: Sequence[int]) -> int:
    return sum(m * n + n for m, n in pairwise(sizes))


@misconception(
    "network_parameters", "takes-one-size", "behaves like a count that takes one size for a network"
)
def _(sizes: Sequence[int]) -> int:
    return sum(dense_parameters(m, n) for m, n in pairwise(sizes))


_forward = wrong(forward_multiplications)


@_forward("multiplies-biases", "behaves like a count that multiplies the biases too")
def _(sizes: Sequence[int], batch: int) -> int:
    return batch * network_parameters(sizes)


@_forward("ignores-batch", "behaves like a count for a single input, whatever the batch")
def _(sizes: Sequence[int], batch: int) -> int:
    return forward_multiplications(sizes)


@_forward("counts-additions", "behaves like a count of the additions as well, two for each weight")
def _(sizes: Sequence[int], batch: int) -> int:
    return 2 * forward_multiplications(sizes, batch)


@_forward("counts-backward", "behaves like a count of a training step: forward and twice backward")
def _(sizes: Sequence[int], batch: int) -> int:
    return 3 * forward_multiplications(sizes, batch)


@_forward("adds-batch", "behaves like a count that adds the batch, not multiplies by it")
def _(sizes: Sequence[int], batch: int) -> int:
    return batch + forward_multiplications(sizes)


@_forward(
    "batch-in-first-layer", "behaves like a network that takes the batch into its first layer only"
)
def _(sizes: Sequence[int], batch: int) -> int:
    return forward_multiplications(sizes) + (batch - 1) * sizes[0] * sizes[1]


@_forward("counts-outputs", "behaves like a count of one multiplication a neuron")
def _(sizes: Sequence[int], batch: int) -> int:
    return batch * sum(sizes[1:])


@_forward("first-layer-only", "behaves like a count of the first layer alone")
def _(sizes: Sequence[int], batch: int) -> int:
    return batch * sizes[0] * sizes[1]


@_forward("forgets-last-layer", "behaves like a loop that stops one layer early")
def _(sizes: Sequence[int], batch: int) -> int:
    return batch * sum(m * n for m, n in pairwise(sizes[:-1]))


@_forward("multiplies-layers", "behaves like a count that multiplies all the sizes together")
def _(sizes: Sequence[int], batch: int) -> int:
    return batch * prod(sizes)


@_forward("loses-digits", "behaves like a count in floats, which lose digits of large numbers")
def _(sizes: Sequence[int], batch: int) -> float:
    return batch * sum(float(m) * n for m, n in pairwise(sizes))


@misconception(
    "forward_multiplications",
    "no-checks",
    "behaves like a count that takes sizes and batches that make no sense",
)
def _(sizes: Sequence[int], batch: int = 1) -> int:
    return batch * sum(m * n for m, n in pairwise(sizes))


@misconception(
    "forward_multiplications",
    "batch-unchecked",
    "behaves like a count that takes batches that make no sense",
)
def _(sizes: Sequence[int], batch: int = 1) -> int:
    return batch * forward_multiplications(sizes)
