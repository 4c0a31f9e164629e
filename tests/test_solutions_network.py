"""The references of network.py."""

import doctest
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solutions import network as module
from solutions.dense import dense
from solutions.network import collapse, network, xor_layers

SIZES = st.lists(st.integers(1, 5), min_size=2, max_size=6)
POINTS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def numbers(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape)


def layers_of(sizes):
    return [(numbers(m, n), numbers(n)) for m, n in pairwise(sizes)]


def unbent(z):
    return z


def test_docstring_examples():
    """The examples that students read are true."""
    assert doctest.testmod(module).failed == 0


@given(SIZES)
def test_a_network_is_its_layers_one_after_the_other(sizes):
    """The first layer, bent, feeds the network of the others; the last is left as it is."""
    x, layers = numbers(3, sizes[0]), layers_of(sizes)
    first, rest = layers[0], layers[1:]
    expected = network(dense(x, *first), rest) if rest else dense(x, *first, unbent)
    np.testing.assert_allclose(network(x, layers), expected, rtol=1e-12, atol=1e-12)


@given(SIZES)
def test_a_collapsed_network_does_what_its_layers_do_unbent(sizes):
    """One layer takes the place of all of them, where nothing bends."""
    x, layers = numbers(3, sizes[0]), layers_of(sizes)
    W, b = collapse(layers)
    expected = x
    for layer in layers:
        expected = dense(expected, *layer, unbent)
    assert ((sizes[0], sizes[-1]), (sizes[-1],)) == (W.shape, b.shape)
    np.testing.assert_allclose(x @ W + b, expected, rtol=1e-9, atol=1e-9)


def test_a_collapsed_layer_is_a_copy():
    """Who changes the pair does not change the layers."""
    layers = layers_of([2, 3])
    W, b = collapse(layers)
    assert not np.shares_memory(W, layers[0][0])
    assert not np.shares_memory(b, layers[0][1])


@pytest.mark.parametrize("run", [lambda: network([1.0], []), lambda: collapse([])])
def test_no_layers(run):
    """An empty list is no network."""
    with pytest.raises(ValueError, match="layers is empty"):
        run()


def test_xor_needs_its_bend():
    """The layers answer 0, 1, 1, 0; collapsed, they cannot tell the points apart."""
    layers = xor_layers()
    W, b = collapse(layers)
    assert network(POINTS, layers).tolist() == [[0.0], [1.0], [1.0], [0.0]]
    assert (POINTS @ W + b).tolist() == [[2.0], [1.0], [1.0], [0.0]]
