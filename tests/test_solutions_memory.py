"""The references of memory.py."""

import doctest
from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solutions import memory
from solutions.memory import fits, training_bytes, weight_bytes, widest_hidden_layer
from solutions.parameters import network_parameters

SIZES = st.lists(st.integers(1, 10**4), min_size=2, max_size=6)
OPTIMIZERS = st.sampled_from(["sgd", "momentum", "adam"])
PRECISIONS = st.sampled_from(["fp32", "mixed"])


def test_docstring_examples():
    """The examples that students read are true."""
    assert doctest.testmod(memory).failed == 0


@given(st.integers(0, 2**62), st.integers(1, 64))
def test_weight_bytes_is_the_least_that_holds_the_bits(parameters, bits):
    """Bytes are an eighth of the bits, rounded up once and exactly."""
    assert ceil(Fraction(parameters * bits, 8)) == weight_bytes(parameters, bits)


@given(SIZES, st.integers(1, 999), OPTIMIZERS, PRECISIONS)
def test_training_bytes_sum_the_table(sizes, batch, optimizer, precision):
    """The parts of the contract's table, and the activations, add up."""
    table = {
        ("fp32", "sgd"): (4, 4, 0, 0),
        ("fp32", "momentum"): (4, 4, 0, 4),
        ("fp32", "adam"): (4, 4, 0, 8),
        ("mixed", "sgd"): (2, 2, 4, 0),
        ("mixed", "momentum"): (2, 2, 4, 4),
        ("mixed", "adam"): (2, 2, 4, 8),
    }
    held = sum(part * network_parameters(sizes) for part in table[precision, optimizer])
    kept = sum(batch * size * {"fp32": 4, "mixed": 2}[precision] for size in sizes)
    assert held + kept == training_bytes(sizes, batch, optimizer, precision)


@given(SIZES, st.integers(1, 999), OPTIMIZERS, PRECISIONS, st.integers(-3, 3))
def test_fits_up_to_exactly_the_budget(sizes, batch, optimizer, precision, spare):
    """A step fits where no byte is missing."""
    budget = training_bytes(sizes, batch, optimizer, precision) + spare
    assert (spare >= 0) == fits(sizes, batch, budget, optimizer, precision)


@given(
    inputs=st.integers(1, 10**6),
    outputs=st.integers(1, 10**6),
    hidden_layers=st.integers(1, 20),
    budget=st.integers(0, 10**12),
    bits=st.integers(1, 64),
)
def test_widest_hidden_layer_fits_and_one_more_does_not(
    inputs, outputs, hidden_layers, budget, bits
):
    """The width that is given fits, and the next one no longer does."""

    def needed(width):
        sizes = [inputs, *[width] * hidden_layers, outputs]
        return weight_bytes(network_parameters(sizes), bits)

    width = widest_hidden_layer(inputs, outputs, hidden_layers, budget, bits)
    assert width == 0 or needed(width) <= budget
    assert needed(width + 1) > budget


def test_bytes_do_not_wrap():
    """NumPy's whole numbers are taken as Python's, which have no largest one."""
    sizes = np.array([2**31 - 1, 2**31 - 1], dtype=np.int32)
    assert training_bytes([2**31 - 1] * 2, 10) == training_bytes(sizes, np.int8(10))
    assert weight_bytes(np.int64(2**62), np.int8(16)) == 2**63
    budget = np.int64(10**12)
    assert widest_hidden_layer(np.int8(100), np.int8(100), np.int64(2), budget) == 707_005


def test_most_hidden_layers():
    """A thousand hidden layers share a budget of 10**12 bytes."""
    assert widest_hidden_layer(784, 10, 1000, 10**12) == 22_370


@pytest.mark.parametrize(("parameters", "bits"), [(-1, 16), (3, 0), (3, -8), (0, 0)])
def test_weight_bytes_of_nonsense(parameters, bits):
    """There are no negative parameters and no numbers without a bit."""
    with pytest.raises(ValueError, match="no memory for"):
        weight_bytes(parameters, bits)


@pytest.mark.parametrize(
    "arguments",
    [
        ([3, 2], 1, "rmsprop"),
        ([3, 2], 1, "adam", "fp8"),
        ([3], 1),
        ([3, 0], 1),
        ([3, 2.5], 1),
        ([3, 2], 0),
        ([3, 2], 2.5),
    ],
)
def test_training_bytes_of_nonsense(arguments):
    """Unknown names, and sizes and batches that make no sense, are refused, also by fits."""
    sizes, batch, *how = arguments
    with pytest.raises(ValueError, match=r"unknown|at least"):
        training_bytes(sizes, batch, *how)
    with pytest.raises(ValueError, match=r"unknown|at least"):
        fits(sizes, batch, 10**9, *how)


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("budget", [0, 60])
def test_widest_hidden_layer_of_nonsense(place, budget):
    """Whatever is below its least value is refused, also where nothing would fit anyway."""
    arguments = [3, 2, 1, budget, 16]
    arguments[place] = -1 if place == 3 else 0
    with pytest.raises(ValueError, match="at least"):
        widest_hidden_layer(*arguments)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_widest_hidden_layer_of_fractions(place):
    """Half a neuron or half a layer is refused."""
    arguments = [3, 2, 1, 60]
    arguments[place] = 2.5
    with pytest.raises(ValueError, match="whole number"):
        widest_hidden_layer(*arguments)
