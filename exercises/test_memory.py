"""Self-checks of memory.py: small examples to count by hand."""

from exercises.memory import fits, training_bytes, weight_bytes, widest_hidden_layer
from nnv.selfcheck import check, check_raises


def test_weight_bytes_takes_two_bytes_for_sixteen_bits():
    """Three numbers of 16 bits take 6 bytes."""
    check(weight_bytes, 3, gives=6)
    check(weight_bytes, 3, bits=32, gives=12)


def test_weight_bytes_of_the_lesson():
    """A billion parameters at 16 bits take 2 GB."""
    check(weight_bytes, 1_000_000_000, gives=2_000_000_000)


def test_weight_bytes_rounds_up():
    """Three numbers of 4 bits are a byte and a half, which takes 2 bytes."""
    check(weight_bytes, 3, bits=4, gives=2)


def test_weight_bytes_refuses_what_makes_no_sense():
    """There is no number of 0 bits."""
    check_raises(weight_bytes, 3, bits=0)


def test_training_bytes_with_sgd():
    """26 parameters of 8 bytes, and the 9 numbers of one input's activations of 4 bytes."""
    check(training_bytes, [3, 4, 2], batch=1, optimizer="sgd", gives=244)


def test_training_bytes_with_adam():
    """Adam keeps 8 bytes more for each of the 26 parameters; a batch of 10 has 90 activations."""
    check(training_bytes, [3, 4, 2], batch=10, gives=776)


def test_training_bytes_in_mixed_precision():
    """26 parameters of 16 bytes, and 90 activations of 2 bytes."""
    check(training_bytes, [3, 4, 2], batch=10, precision="mixed", gives=596)


def test_training_bytes_refuses_an_unknown_optimizer():
    """Only sgd, momentum and adam are known here."""
    check_raises(training_bytes, [3, 4, 2], batch=10, optimizer="magic")


def test_fits_exactly():
    """The step takes 776 bytes: they are enough, one byte less is not."""
    check(fits, [3, 4, 2], batch=10, budget_bytes=776, gives=True)
    check(fits, [3, 4, 2], batch=10, budget_bytes=775, gives=False)


def test_widest_hidden_layer_of_one():
    """26 parameters of 2 bytes fit into 60 bytes; a width of 5 would need 32 parameters."""
    check(widest_hidden_layer, 3, 2, hidden_layers=1, budget_bytes=60, gives=4)


def test_widest_hidden_layer_of_two():
    """[3, 3, 3, 2] has 32 parameters; with a width of 4 there would be 46."""
    check(widest_hidden_layer, 3, 2, hidden_layers=2, budget_bytes=64, gives=3)
    check(widest_hidden_layer, 3, 2, hidden_layers=2, budget_bytes=63, gives=2)


def test_widest_hidden_layer_where_nothing_fits():
    """Not even a width of 1 fits into one byte."""
    check(widest_hidden_layer, 3, 2, hidden_layers=1, budget_bytes=1, gives=0)
