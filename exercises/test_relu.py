"""Self-checks of relu.py: small examples to bend by hand."""

import numpy as np

from exercises.relu import relu
from nnv.selfcheck import check


def test_relu_keeps_a_positive_number():
    """A positive number stays as it is."""
    check(relu, 3.5, gives=3.5)


def test_relu_puts_zero_in_place_of_a_negative_number():
    """Any number that is not positive becomes 0."""
    check(relu, -1.5, gives=0.0)
    check(relu, 0.0, gives=0.0)


def test_relu_bends_each_number_of_an_array():
    """The result has the same shape, with every number bent on its own."""
    check(relu, np.array([-2.0, 0.0, 3.0]), gives=[0.0, 0.0, 3.0])
    check(relu, np.array([[1.0, -4.0], [-0.5, 2.5]]), gives=[[1.0, 0.0], [0.0, 2.5]])


def test_relu_takes_a_list():
    """A list will do where an array is due: np.asarray makes an array of it."""
    check(relu, [5.0, -6.0], gives=[5.0, 0.0])


def test_relu_of_an_empty_array():
    """Where there is nothing to bend, nothing comes back."""
    check(relu, np.zeros((0, 2)), gives=np.zeros((0, 2)))
