"""The references of neuron.py."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solutions import neuron as module
from solutions.neuron import neuron, weighted_sum

NUMBERS = st.floats(-1e3, 1e3)
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=20)


def test_docstring_examples():
    """The examples that students read are true."""
    assert doctest.testmod(module).failed == 0


@given(PAIRS, NUMBERS)
def test_products_and_bias_are_summed(pairs, b):
    """The sum is the one that an exact summation gives, to the last few digits."""
    x, w = zip(*pairs, strict=True)
    exact = math.fsum([*(xi * wi for xi, wi in pairs), b])
    assert exact == pytest.approx(weighted_sum(x, w, b), rel=1e-9, abs=1e-6)


@given(PAIRS, NUMBERS)
def test_a_neuron_bends_its_sum(pairs, b):
    """A neuron gives activation(weighted_sum); relu is the default."""
    x, w = zip(*pairs, strict=True)
    total = weighted_sum(x, w, b)
    assert max(total, 0.0) == neuron(x, w, b)
    assert total**2 == neuron(x, w, b, lambda z: z**2)


@pytest.mark.parametrize("function", [weighted_sum, neuron])
@pytest.mark.parametrize(
    ("x", "w"), [([1.0], [1.0, 2.0]), ([1.0, 2.0], [1.0]), ([1.0, 2.0], [1.0, 2.0, 3.0])]
)
def test_lengths_must_match(function, x, w):
    """A single weight is not stretched, and no spare weight is ignored."""
    with pytest.raises(ValueError, match=f"{len(x)} inputs need {len(x)} weights, found {len(w)}"):
        function(x, w, 0.0)


def test_results_are_numbers():
    """No result is an array of one."""
    assert np.ndim(weighted_sum([1.0], [2.0], 0.5)) == 0
    assert np.ndim(neuron([1.0], [2.0], 0.5)) == 0
