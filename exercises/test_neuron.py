"""Self-checks of neuron.py: small examples to weigh, sum and bend by hand."""

import numpy as np

from exercises.neuron import neuron, weighted_sum
from nnv.selfcheck import check, check_raises


def unbent(z):
    """Bend nothing."""
    return z


def test_weighted_sum_of_one_input():
    """2 * 4 + 1."""
    check(weighted_sum, [2.0], [4.0], 1.0, gives=9.0)


def test_weighted_sum_adds_the_bias_once():
    """2*1 + 3*10 + 0.5."""
    check(weighted_sum, np.array([1.0, 10.0]), np.array([2.0, 3.0]), 0.5, gives=32.5)


def test_weighted_sum_needs_a_weight_for_each_input():
    """Two inputs and one weight make no sense, nor do one input and two weights."""
    check_raises(weighted_sum, [1.0, 2.0], [3.0], 0.0)
    check_raises(weighted_sum, [1.0], [2.0, 3.0], 0.0)


def test_neuron_bends_with_relu():
    """1*2 + 1 is positive and stays, 1*2 - 5 is negative and becomes 0."""
    check(neuron, [1.0], [2.0], 1.0, gives=3.0)
    check(neuron, [1.0], [2.0], -5.0, gives=0.0)


def test_neuron_bends_with_the_given_activation():
    """The same sum, -3, unbent and as an absolute value."""
    check(neuron, [1.0], [2.0], -5.0, unbent, gives=-3.0)
    check(neuron, [1.0], [2.0], -5.0, activation=abs, gives=3.0)


def test_neuron_needs_a_weight_for_each_input():
    """A neuron refuses what weighted_sum refuses."""
    check_raises(neuron, [1.0, 2.0], [3.0], 0.0)
