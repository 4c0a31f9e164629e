"""Self-checks of dense.py: small layers to work out by hand."""

import numpy as np

from exercises.dense import dense
from nnv.selfcheck import check, check_raises

W = np.array([[1.0, 2.0, 3.0], [10.0, 1.0, 0.0]])
b = np.array([0.5, 0.0, -4.0])


def unbent(z):
    """Bend nothing."""
    return z


def test_dense_with_one_neuron_gives_a_list_of_one():
    """5*2 + 1: one neuron, so an array of one number."""
    check(dense, [5.0], [[2.0]], [1.0], gives=[11.0])


def test_dense_gives_one_number_a_neuron():
    """The last neuron's sum is 1*3 + 2*0 - 4, which relu makes 0."""
    check(dense, np.array([1.0, 2.0]), W, b, gives=[21.5, 4.0, 0.0])


def test_dense_of_a_batch_gives_one_row_an_input():
    """Two inputs at once, of shape (2, 2), give an array of shape (2, 3)."""
    x = np.array([[1.0, 2.0], [0.0, 1.0]])
    check(dense, x, W, b, gives=[[21.5, 4.0, 0.0], [10.5, 1.0, 0.0]])


def test_dense_of_a_batch_of_one_stays_a_batch():
    """One input in a batch, of shape (1, 2), gives an array of shape (1, 3)."""
    check(dense, np.array([[1.0, 2.0]]), W, b, gives=[[21.5, 4.0, 0.0]])


def test_dense_bends_with_the_given_activation():
    """Unbent, the last number stays negative."""
    check(dense, np.array([1.0, 2.0]), W, b, activation=unbent, gives=[21.5, 4.0, -1.0])


def test_dense_refuses_inputs_that_do_not_fit():
    """W has two rows, so x needs two numbers."""
    check_raises(dense, np.array([1.0]), W, b)


def test_dense_refuses_biases_that_do_not_fit():
    """W has three columns, so b needs three numbers, of shape (3,)."""
    check_raises(dense, np.array([1.0, 2.0]), W, np.array([0.5]))
