"""The reference of relu.py."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from solutions import relu as module
from solutions.relu import relu

NUMBERS = st.floats(-1e6, 1e6)
ARRAYS = arrays(np.float64, array_shapes(min_dims=0, min_side=0), elements=NUMBERS)


def test_docstring_examples():
    """The examples that students read are true."""
    assert doctest.testmod(module).failed == 0


@given(ARRAYS)
def test_each_number_is_bent_on_its_own(z):
    """Every entry is the larger of itself and 0, and the shape stays."""
    bent = relu(z)
    assert z.shape == np.shape(bent)
    assert [max(v, 0.0) for v in z.ravel()] == list(np.ravel(bent))


@given(ARRAYS)
def test_two_bends_are_an_identity(z):
    """relu(z) - relu(-z) is z, and relu(z) + relu(-z) is |z|."""
    np.testing.assert_array_equal(z, relu(z) - relu(-z))
    np.testing.assert_array_equal(np.abs(z), relu(z) + relu(-z))


@given(ARRAYS)
def test_the_argument_stays(z):
    """The caller's array is neither changed nor given back."""
    before = z.copy()
    bent = relu(z)
    np.testing.assert_array_equal(before, z)
    assert not np.shares_memory(z, bent)


@pytest.mark.parametrize(("z", "expected"), [(2, 2), (-2, 0), (2.5, 2.5), (-2.5, 0.0)])
def test_a_number_gives_a_number(z, expected):
    """A number gives no array."""
    assert np.ndim(relu(z)) == 0
    assert expected == relu(z)
