"""Self-checks of parameters.py: small examples to count by hand."""

from exercises.parameters import dense_parameters, forward_multiplications, network_parameters
from nnv.selfcheck import check, check_raises


def test_dense_parameters_counts_one_weight_and_one_bias():
    """One neuron with one input has one weight and one bias."""
    check(dense_parameters, 1, 1, gives=2)


def test_dense_parameters_counts_weights_and_biases():
    """Three inputs and two neurons: six weights, two biases."""
    check(dense_parameters, 3, 2, gives=8)
    check(dense_parameters, 2, 3, gives=9)


def test_dense_parameters_of_the_lesson():
    """From 4,096 to 4,096 neurons: about 16.8 million weights, in one layer."""
    check(dense_parameters, 4096, 4096, gives=16_781_312)


def test_dense_parameters_refuses_widths_that_make_no_sense():
    """A layer has at least one input and one neuron, and no halves of them."""
    check_raises(dense_parameters, 0, 2)
    check_raises(dense_parameters, 3, 2.5)


def test_network_parameters_of_one_layer():
    """Two sizes are one layer."""
    check(network_parameters, [3, 2], gives=8)


def test_network_parameters_of_two_layers():
    """3*4 + 4 for the hidden layer, 4*2 + 2 for the output layer."""
    check(network_parameters, [3, 4, 2], gives=26)


def test_network_parameters_needs_an_input_and_an_output():
    """One size is no network yet."""
    check_raises(network_parameters, [3])


def test_forward_multiplications_uses_each_weight_once():
    """3*4 + 4*2 weights, and the biases are only added."""
    check(forward_multiplications, [3, 4, 2], gives=20)


def test_forward_multiplications_of_a_batch():
    """Ten inputs take ten times as many."""
    check(forward_multiplications, [3, 4, 2], batch=10, gives=200)


def test_forward_multiplications_refuses_half_an_input():
    """A batch is a whole number of inputs."""
    check_raises(forward_multiplications, [3, 4, 2], batch=2.5)
