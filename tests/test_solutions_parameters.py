"""The references of parameters.py."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solutions import parameters
from solutions.parameters import dense_parameters, forward_multiplications, network_parameters

WIDTHS = st.integers(1, 10**6)
SIZES = st.lists(WIDTHS, min_size=2, max_size=8)


def test_docstring_examples():
    """The examples that students read are true."""
    assert doctest.testmod(parameters).failed == 0


@given(m=st.integers(1, 30), n=st.integers(1, 30))
def test_dense_parameters_counts_the_entries_of_the_arrays(m, n):
    """A layer has as many parameters as its W and b have entries."""
    assert np.zeros((m, n)).size + np.zeros(n).size == dense_parameters(m, n)


@given(SIZES)
def test_network_parameters_grow_by_one_layer(sizes):
    """One more layer adds its own parameters and changes no others."""
    more = [*sizes, 7]
    assert network_parameters(sizes) + dense_parameters(sizes[-1], 7) == network_parameters(more)


@given(SIZES, st.integers(1, 1000))
def test_multiplications_are_the_weights_of_each_input(sizes, batch):
    """All parameters but the biases are multiplied once for each input."""
    weights = network_parameters(sizes) - sum(sizes[1:])
    assert batch * weights == forward_multiplications(sizes, batch)


def test_counts_do_not_wrap():
    """NumPy's whole numbers are taken as Python's, which have no largest one."""
    sizes = np.array([2**31 - 1, 2**31 - 1, 2**31 - 1], dtype=np.int32)
    assert network_parameters(sizes) == 2 * ((2**31 - 1) ** 2 + 2**31 - 1)
    assert forward_multiplications(sizes, np.int8(5)) == 2 * 5 * (2**31 - 1) ** 2
    assert type(dense_parameters(np.int64(2), np.int64(3))) is int


@pytest.mark.parametrize("width", [0, -1, 2.5, 0.5, float("nan"), float("inf")])
def test_widths_that_make_no_sense(width):
    """A width is a whole number of at least 1, wherever it is given."""
    for arguments in ((width, 2), (2, width)):
        with pytest.raises(ValueError, match="whole number of at least 1"):
            dense_parameters(*arguments)
    for function in (network_parameters, forward_multiplications):
        with pytest.raises(ValueError, match="whole number of at least 1"):
            function([3, width, 2])
    with pytest.raises(ValueError, match="whole number of at least 1"):
        forward_multiplications([3, 2], batch=width)


@pytest.mark.parametrize("sizes", [[], [3], (3,), np.array([3])])
def test_fewer_than_two_sizes(sizes):
    """A network has an input and an output."""
    for function in (network_parameters, forward_multiplications):
        with pytest.raises(ValueError, match="at least two widths"):
            function(sizes)
