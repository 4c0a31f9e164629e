"""Wrong versions of the counts of bytes.

Public rules of thumb are full of them: 2 + 2 bytes a parameter for SGD and 2 + 2 + 8 for Adam leave
the fp32 master copy out, and most leave the activations to "varies".
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise

from solutions.memory import fits, training_bytes, weight_bytes, widest_hidden_layer
from solutions.misconceptions import misconception
from solutions.misconceptions.parameters import wrong
from solutions.parameters import dense_parameters, network_parameters

Sizes = Sequence[int]

_weights = wrong(weight_bytes)


@_weights("ignores-bits", "behaves like a count of 2 bytes a number, whatever the bits")
def _(parameters: int, bits: int) -> int:
    return 2 * parameters


@_weights("always-fp32", "behaves like a count of 4 bytes a number, whatever the bits")
def _(parameters: int, bits: int) -> int:
    return 4 * parameters


@_weights("bits-as-bytes", "behaves like a count of bits, not of bytes")
def _(parameters: int, bits: int) -> int:
    return parameters * bits


@_weights("rounds-down", "behaves like a count that rounds down to whole bytes")
def _(parameters: int, bits: int) -> int:
    return parameters * bits // 8


@_weights("rounds-to-nearest", "behaves like a count that rounds to the nearest whole byte")
def _(parameters: int, bits: int) -> int:
    return (parameters * bits + 4) // 8


@_weights("no-rounding", "behaves like a count that leaves part of a byte over")
def _(parameters: int, bits: int) -> float:
    return parameters * bits / 8


@_weights("rounds-each-number", "behaves like a count that rounds each number up to whole bytes")
def _(parameters: int, bits: int) -> int:
    return parameters * math.ceil(bits / 8)


@_weights("cuts-each-number", "behaves like a count that cuts each number down to whole bytes")
def _(parameters: int, bits: int) -> int:
    return parameters * (bits // 8)


@_weights("byte-too-many", "behaves like a count that adds a byte where none is begun")
def _(parameters: int, bits: int) -> int:
    return parameters * bits // 8 + 1


@_weights("loses-digits", "behaves like a count in floats, which lose digits of large numbers")
def _(parameters: int, bits: int) -> int:
    return math.ceil(parameters * bits / 8)


@_weights("gigabytes", "behaves like a count of gigabytes, not of bytes")
def _(parameters: int, bits: int) -> float:
    return weight_bytes(parameters, bits) / 10**9


@_weights("gibibytes", "behaves like a count of gibibytes, not of bytes")
def _(parameters: int, bits: int) -> float:
    return weight_bytes(parameters, bits) / 2**30


@misconception("weight_bytes", "no-checks", "behaves like a count that takes what makes no sense")
def _(parameters: int, bits: int = 16) -> int:
    return -(-parameters * bits // 8)


@misconception("weight_bytes", "refuses-none", "behaves like a count that refuses 0 parameters")
def _(parameters: int, bits: int = 16) -> int:
    if parameters < 1:
        raise ValueError("no parameters")
    return weight_bytes(parameters, bits)


_training = wrong(training_bytes)


def _step(
    sizes: Sizes,
    optimizer: str,
    precision: str,
    activations: int,
    *,
    parts: tuple[int, int, int] | None = None,
    states: Sequence[int] = (0, 4, 8),
    parameters: int | None = None,
) -> int:
    """The bytes of a step, from what a wrong version gets wrong of it.

    ``parts`` are a parameter's weight, gradient and master copy, ``states`` the optimizers' bytes.
    """
    number = 4 if precision == "fp32" else 2
    weight, gradient, copy = parts or (number, number, 8 - 2 * number)
    state = states[("sgd", "momentum", "adam").index(optimizer)]
    count = network_parameters(sizes) if parameters is None else parameters
    return count * (weight + gradient + copy + state) + activations * number


@_training("forgets-activations", "behaves like a count that forgets the activations")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    return _step(sizes, optimizer, precision, 0)


@_training("forgets-gradients", "behaves like a count that forgets the gradients")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    parts = (4, 0, 0) if precision == "fp32" else (2, 0, 4)
    return _step(sizes, optimizer, precision, batch * sum(sizes), parts=parts)


@_training("forgets-state", "behaves like a count that forgets the optimizer's state")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    return training_bytes(sizes, batch, "sgd", precision)


@_training("always-adam", "behaves like a count that takes every optimizer for adam")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    return training_bytes(sizes, batch, "adam", precision)


@_training("adam-one-state", "behaves like a count that gives adam one number of state, not two")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    return _step(sizes, optimizer, precision, batch * sum(sizes), states=(0, 4, 4))


@_training("momentum-without-state", "behaves like a count that gives momentum no state")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    return _step(sizes, optimizer, precision, batch * sum(sizes), states=(0, 0, 8))


@_training("ignores-precision", "behaves like a count that takes every precision for fp32")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    return training_bytes(sizes, batch, optimizer)


@_training("forgets-master-copy", "behaves like a count that forgets the fp32 master copy")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    parts = (4, 4, 0) if precision == "fp32" else (2, 2, 0)
    return _step(sizes, optimizer, precision, batch * sum(sizes), parts=parts)


@_training("master-copy-in-fp32", "behaves like a count that adds a master copy in fp32 too")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    parts = (4, 4, 4) if precision == "fp32" else (2, 2, 4)
    return _step(sizes, optimizer, precision, batch * sum(sizes), parts=parts)


@_training("mixed-is-half", "behaves like a count that halves everything in mixed precision")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    return training_bytes(sizes, batch, optimizer) // (1 if precision == "fp32" else 2)


@_training("gradients-in-fp32", "behaves like a count that keeps mixed gradients in fp32")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    parts = (4, 4, 0) if precision == "fp32" else (2, 4, 4)
    return _step(sizes, optimizer, precision, batch * sum(sizes), parts=parts)


@_training("forgets-input", "behaves like a count that forgets the input among the activations")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    return _step(sizes, optimizer, precision, batch * sum(sizes[1:]))


@_training("forgets-output", "behaves like a count that forgets the output among the activations")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    return _step(sizes, optimizer, precision, batch * sum(sizes[:-1]))


@_training("output-only", "behaves like a count of the output layer's activations alone")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    return _step(sizes, optimizer, precision, batch * sizes[-1])


@_training("ignores-batch", "behaves like a count of one input's activations, whatever the batch")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    return training_bytes(sizes, 1, optimizer, precision)


@_training("batch-of-everything", "behaves like a count of all parameters again for each input")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    return batch * training_bytes(sizes, 1, optimizer, precision)


@_training("forgets-biases", "behaves like a count that forgets the biases")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    weights = sum(m * n for m, n in pairwise(sizes))
    return _step(sizes, optimizer, precision, batch * sum(sizes), parameters=weights)


@_training("weights-only", "behaves like a count of the weights alone, as for serving")
def _(sizes: Sizes, batch: int, optimizer: str, precision: str) -> int:
    return network_parameters(sizes) * (4 if precision == "fp32" else 2)


_fits = wrong(fits)


@_fits("exact-budget-refused", "behaves like a comparison that refuses exactly the budget")
def _(sizes: Sizes, batch: int, budget: int, optimizer: str, precision: str) -> bool:
    return training_bytes(sizes, batch, optimizer, precision) < budget


@_fits("reversed", "behaves like a comparison the wrong way round")
def _(sizes: Sizes, batch: int, budget: int, optimizer: str, precision: str) -> bool:
    return training_bytes(sizes, batch, optimizer, precision) > budget


@_fits("always-true", "behaves like a budget into which everything fits")
def _(sizes: Sizes, batch: int, budget: int, optimizer: str, precision: str) -> bool:
    return True


@_fits("always-false", "behaves like a budget into which nothing fits")
def _(sizes: Sizes, batch: int, budget: int, optimizer: str, precision: str) -> bool:
    return False


@_fits("weights-only", "behaves like a budget for the weights alone, as for serving")
def _(sizes: Sizes, batch: int, budget: int, optimizer: str, precision: str) -> bool:
    return network_parameters(sizes) * (4 if precision == "fp32" else 2) <= budget


@_fits("forgets-activations", "behaves like a budget that forgets the activations")
def _(sizes: Sizes, batch: int, budget: int, optimizer: str, precision: str) -> bool:
    return _step(sizes, optimizer, precision, 0) <= budget


@_fits("ignores-batch", "behaves like a budget for a batch of 1, whatever the batch")
def _(sizes: Sizes, batch: int, budget: int, optimizer: str, precision: str) -> bool:
    return training_bytes(sizes, 1, optimizer, precision) <= budget


@_fits("ignores-optimizer", "behaves like a budget that does not hand the optimizer on")
def _(sizes: Sizes, batch: int, budget: int, optimizer: str, precision: str) -> bool:
    return training_bytes(sizes, batch, precision=precision) <= budget


@_fits("ignores-precision", "behaves like a budget that does not hand the precision on")
def _(sizes: Sizes, batch: int, budget: int, optimizer: str, precision: str) -> bool:
    return training_bytes(sizes, batch, optimizer) <= budget


@_fits("hands-on-neither", "behaves like a budget that hands on neither optimizer nor precision")
def _(sizes: Sizes, batch: int, budget: int, optimizer: str, precision: str) -> bool:
    return training_bytes(sizes, batch) <= budget


@_fits("budget-in-gigabytes", "behaves like a budget in gigabytes, not in bytes")
def _(sizes: Sizes, batch: int, budget: int, optimizer: str, precision: str) -> bool:
    return training_bytes(sizes, batch, optimizer, precision) <= budget * 10**9


@_fits("bytes-left-over", "behaves like a count of the bytes that are left over")
def _(sizes: Sizes, batch: int, budget: int, optimizer: str, precision: str) -> int:
    return budget - training_bytes(sizes, batch, optimizer, precision)


@_fits("negative-budget-refused", "behaves like a budget that refuses to be negative")
def _(sizes: Sizes, batch: int, budget: int, optimizer: str, precision: str) -> bool:
    if budget < 0:
        raise ValueError("the budget is negative")
    return training_bytes(sizes, batch, optimizer, precision) <= budget


_widest = wrong(widest_hidden_layer)


def _search(too_wide: Callable[[int], bool], most: int = 10**13) -> int:
    """The largest width up to `most` that is not too wide, 0 where there is none."""
    return bisect_left(range(1, most + 1), True, key=too_wide)


def _count(inputs: int, outputs: int, hidden_layers: int, width: int) -> int:
    """The weights and biases of a network."""
    between = (hidden_layers - 1) * dense_parameters(width, width)
    return network_parameters([inputs, width, outputs]) + between


@_widest("exact-budget-refused", "behaves like a search that refuses exactly the budget")
def _(inputs: int, outputs: int, hidden: int, budget: int, bits: int) -> int:
    return _search(lambda w: weight_bytes(_count(inputs, outputs, hidden, w), bits) >= budget)


@_widest("one-too-wide", "behaves like a search that gives the first width that is too wide")
def _(inputs: int, outputs: int, hidden: int, budget: int, bits: int) -> int:
    return widest_hidden_layer(inputs, outputs, hidden, budget, bits) + 1


@_widest("one-too-narrow", "behaves like a search that stops one width early")
def _(inputs: int, outputs: int, hidden: int, budget: int, bits: int) -> int:
    return max(widest_hidden_layer(inputs, outputs, hidden, budget, bits) - 1, 0)


@_widest("at-least-one", "behaves like a search that gives 1 where not even 1 fits")
def _(inputs: int, outputs: int, hidden: int, budget: int, bits: int) -> int:
    return max(widest_hidden_layer(inputs, outputs, hidden, budget, bits), 1)


@_widest("ignores-bits", "behaves like a search that takes every number for one of 16 bits")
def _(inputs: int, outputs: int, hidden: int, budget: int, bits: int) -> int:
    return widest_hidden_layer(inputs, outputs, hidden, budget)


@_widest("bits-as-bytes", "behaves like a search that takes bits for bytes")
def _(inputs: int, outputs: int, hidden: int, budget: int, bits: int) -> int:
    return widest_hidden_layer(inputs, outputs, hidden, budget, 8 * bits)


@_widest("rounds-down", "behaves like a search that rounds bytes down")
def _(inputs: int, outputs: int, hidden: int, budget: int, bits: int) -> int:
    return _search(lambda w: _count(inputs, outputs, hidden, w) * bits // 8 > budget)


@_widest("forgets-biases", "behaves like a search that forgets the biases")
def _(inputs: int, outputs: int, hidden: int, budget: int, bits: int) -> int:
    def weights(w: int) -> int:
        return inputs * w + (hidden - 1) * w * w + w * outputs

    return _search(lambda w: weight_bytes(weights(w), bits) > budget)


@_widest("one-hidden-layer", "behaves like a search with one hidden layer, however many there are")
def _(inputs: int, outputs: int, hidden: int, budget: int, bits: int) -> int:
    return widest_hidden_layer(inputs, outputs, 1, budget, bits)


@_widest("hidden-layer-too-many", "behaves like a search with a hidden layer too many")
def _(inputs: int, outputs: int, hidden: int, budget: int, bits: int) -> int:
    return widest_hidden_layer(inputs, outputs, hidden + 1, budget, bits)


@_widest("powers-of-two", "behaves like a search that tries powers of two alone")
def _(inputs: int, outputs: int, hidden: int, budget: int, bits: int) -> int:
    width = widest_hidden_layer(inputs, outputs, hidden, budget, bits)
    return 1 << width.bit_length() >> 1


@_widest("hidden-layers-only", "behaves like a search that leaves inputs and outputs out")
def _(inputs: int, outputs: int, hidden: int, budget: int, bits: int) -> int:
    return _search(lambda w: weight_bytes(hidden * dense_parameters(w, w), bits) > budget)


@_widest("loses-digits", "behaves like a square root in floats, which lose digits")
def _(inputs: int, outputs: int, hidden: int, budget: int, bits: int) -> int:
    square, linear, rest = hidden - 1, inputs + hidden + outputs, outputs - 8 * budget // bits
    if square == 0:
        return max(int(-rest / linear), 0)
    root = math.sqrt(linear**2 - 4 * square * rest) if rest < 0 else 0.0
    return max(int((root - linear) / (2 * square)), 0)
