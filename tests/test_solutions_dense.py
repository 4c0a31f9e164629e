"""The reference of dense.py."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solutions import dense as module
from solutions.dense import dense
from solutions.neuron import neuron

SIDES = st.integers(1, 6)


def numbers(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape)


def test_docstring_examples():
    """The examples that students read are true."""
    assert doctest.testmod(module).failed == 0


@given(SIDES, SIDES)
def test_a_layer_is_its_neurons_side_by_side(m, n):
    """Output j is the neuron with column j of W and entry j of b."""
    x, W, b = numbers(m), numbers(m, n), numbers(n)
    expected = [neuron(x, W[:, j], b[j]) for j in range(n)]
    np.testing.assert_allclose(dense(x, W, b), expected, rtol=1e-12, atol=1e-12)


@given(SIDES, SIDES, SIDES)
def test_a_batch_is_its_inputs_one_by_one(batch, m, n):
    """Row i of the output is what input i gives alone."""
    x, W, b = numbers(batch, m), numbers(m, n), numbers(n)
    outputs = dense(x, W, b, np.tanh)
    assert (batch, n) == outputs.shape
    for row, one in zip(outputs, x, strict=True):
        np.testing.assert_allclose(row, dense(one, W, b, np.tanh), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("shape", [(1,), (3,), (5, 1), (5, 3), (2, 5)])
def test_inputs_must_fit(shape):
    """The last axis of x has one number a row of W, and is not stretched."""
    with pytest.raises(ValueError, match=f"of 2 inputs, but x has {shape[-1]}"):
        dense(np.ones(shape), np.ones((2, 3)), np.ones(3))


@pytest.mark.parametrize("shape", [(), (1,), (2,), (4,), (3, 1), (1, 3)])
def test_biases_must_fit(shape):
    """The biases have exactly the shape (n,), and are not stretched."""
    with pytest.raises(ValueError, match="3 neurons need biases"):
        dense(np.ones((3, 2)), np.ones((2, 3)), np.ones(shape))
