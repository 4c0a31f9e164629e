"""Self-checks of network.py: small networks to work out by hand."""

import numpy as np

from exercises.network import collapse, network, xor_layers
from nnv.selfcheck import check, check_raises, check_xor

HIDDEN = (np.array([[1.0, 1.0]]), np.array([-3.0, 3.0]))
LAST = (np.array([[5.0], [-2.0]]), np.array([0.0]))


def test_network_of_one_layer_bends_nothing():
    """A single layer is the last one: 4 * 1 - 6 stays negative."""
    check(network, [4.0], [(np.array([[1.0]]), np.array([-6.0]))], gives=[-2.0])


def test_network_bends_the_hidden_layer_only():
    """The hidden layer gives relu([1 - 3, 1 + 3]) = [0, 4], the last one 5*0 - 2*4."""
    check(network, [1.0], [HIDDEN, LAST], gives=[-8.0])


def test_network_of_a_batch():
    """Two inputs at once give two outputs."""
    check(network, np.array([[1.0], [4.0]]), [HIDDEN, LAST], gives=[[-8.0], [-9.0]])


def test_network_needs_a_layer():
    """An empty list is no network."""
    check_raises(network, [1.0], [])


def test_collapse_of_one_layer():
    """One layer is already the pair that is due."""
    check(collapse, [HIDDEN], gives=([[1.0, 1.0]], [-3.0, 3.0]))


def test_collapse_of_two_layers():
    """Doubling and adding 1, then tripling and adding 5: 6 times, and 3*1 + 5."""
    double = (np.array([[2.0]]), np.array([1.0]))
    triple = (np.array([[3.0]]), np.array([5.0]))
    check(collapse, [double, triple], gives=([[6.0]], [8.0]))


def test_collapse_of_two_wide_layers():
    """W is HIDDEN's times LAST's, and b is -3*5 + 3*-2 + 0."""
    check(collapse, [HIDDEN, LAST], gives=([[3.0]], [-21.0]))


def test_collapse_needs_a_layer():
    """An empty list is no network."""
    check_raises(collapse, [])


def test_xor_layers_separate_the_four_points():
    """Above 0.5 for (0, 1) and (1, 0), below 0.5 for (0, 0) and (1, 1)."""
    check_xor(xor_layers)
