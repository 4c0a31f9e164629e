"""Hidden tests of memory.py."""

from typing import Any

import numpy as np
import pytest

from grader.suite import agree, call, cases, leaves_arguments_alone, repeated

# 200 layers of uneven widths.
DEEP = [1 + (7 * i) % 11 for i in range(201)]

WEIGHTS = cases(call(1), call(3), call(0), call(1, 32), call(3, bits=8), call(1_000_000_000))
WEIGHTS_ROUNDED = cases(
    call(1, 1), call(1, 8), call(3, 4), call(9, 1), call(11, 7), call(parameters=5, bits=12)
)
WEIGHTS_LARGE = cases(call(2**53 + 1, 8), call(2**60 + 1, 7), call(2**62 - 1, 16))
WEIGHTS_NONSENSE = cases(call(-1), call(3, 0), call(3, -8), call(-3, -8), call(0, bits=0))


@pytest.mark.points("weight_bytes", 1.5)
def test_weights(student: Any, reference: Any) -> None:
    """Whole bytes a number, 16 bits unless said otherwise, and nothing for no parameters."""
    agree(student.weight_bytes, reference.weight_bytes, WEIGHTS, kind="count")


@pytest.mark.points("weight_bytes", 1)
def test_rounded_weights(student: Any, reference: Any) -> None:
    """Numbers of a few bits, of which the last byte is begun only."""
    agree(student.weight_bytes, reference.weight_bytes, WEIGHTS_ROUNDED, kind="count")


@pytest.mark.points("weight_bytes", 0.5)
def test_large_weights(student: Any, reference: Any) -> None:
    """Bytes up to 2**63 keep all their digits."""
    agree(student.weight_bytes, reference.weight_bytes, WEIGHTS_LARGE, kind="count")


@pytest.mark.points("weight_bytes", 1, needs_values=True)
def test_weights_of_nonsense(student: Any, reference: Any) -> None:
    """Fewer than 0 parameters and bits below 1 raise ValueError."""
    agree(student.weight_bytes, reference.weight_bytes, WEIGHTS_NONSENSE, kind="count")


STEP = repeated(
    cases(
        call([1, 1], 1, "sgd"),
        call([1, 1], 3, "sgd", "fp32"),
        call((3, 4, 2), batch=10, optimizer="sgd"),
    )
)
STEP_OPTIMIZERS = cases(
    call([1, 1], 1), call([3, 2], 1, "momentum"), call([3, 4, 2], batch=4, optimizer="adam")
)
STEP_MIXED = cases(
    call([3, 2], 1, "sgd", "mixed"),
    call([3, 2], 4, precision="mixed"),
    call([3, 4, 2], batch=5, optimizer="momentum", precision="mixed"),
)
STEP_LARGE = cases(
    call([94_906_267, 94_906_269, 1], 3),
    call(np.array([784, 128, 10]), 32, "momentum", "fp32"),
    call(np.array([600_000_001, 900_000_001]), 7, "adam", "mixed"),
    call(DEEP, 7, "sgd"),
)
STEP_NONSENSE = cases(
    call([3, 2], 1, "rmsprop"),
    call([3, 2], 1, "adam", "fp8"),
    call([3], 1),
    call([3, 0], 1),
    call([3, 2.5], 1),
    call([3, 2], 0),
    call([3, 2], 2.5),
)


@pytest.mark.points("training_bytes", 2)
def test_step(student: Any, reference: Any) -> None:
    """Sgd in fp32: 8 bytes a parameter and 4 an activation; a second call gives the same."""
    agree(student.training_bytes, reference.training_bytes, STEP, kind="count")


@pytest.mark.points("training_bytes", 2)
def test_step_of_optimizers(student: Any, reference: Any) -> None:
    """Momentum and adam in fp32, which are meant where nothing else is said."""
    agree(student.training_bytes, reference.training_bytes, STEP_OPTIMIZERS, kind="count")


@pytest.mark.points("training_bytes", 2)
def test_mixed_step(student: Any, reference: Any) -> None:
    """Each optimizer in mixed precision."""
    agree(student.training_bytes, reference.training_bytes, STEP_MIXED, kind="count")


@pytest.mark.points("training_bytes", 1)
def test_large_step(student: Any, reference: Any) -> None:
    """Arrays of sizes, 200 layers, and bytes near 2**63; sizes are left alone."""
    leaves_arguments_alone(
        student.training_bytes, reference.training_bytes, STEP_LARGE, kind="count"
    )


@pytest.mark.points("training_bytes", 1, needs_values=True)
def test_step_of_nonsense(student: Any, reference: Any) -> None:
    """Unknown names, and sizes and batches that make no sense, raise ValueError."""
    agree(student.training_bytes, reference.training_bytes, STEP_NONSENSE, kind="count")


# Budgets of exactly the step's bytes and of one byte less; 20 bytes would hold the weights alone.
EXACT = cases(
    call([1, 1], 1, 40),
    call([1, 1], 1, 39),
    call([1, 1], 1, 1),
    call([1, 1], 1, 20),
    call([1, 1], 1, 1000),
    call((3, 4, 2), batch=10, budget_bytes=776),
    call((3, 4, 2), batch=10, budget_bytes=775),
)
EXACT_OTHERWISE = cases(
    call([3, 2], 2, 104, "sgd"),
    call([3, 2], 2, 103, "sgd"),
    call([3, 2], 2, 116, "momentum", "mixed"),
    call([3, 2], 2, 115, "momentum", "mixed"),
    call([3, 2], 2, 147, precision="mixed"),
    call([3, 2], 2, 148, precision="mixed"),
)
BUDGETS = cases(
    call([2, 3, 1], 1, 0),
    call([94_906_267, 94_906_269, 1], 3, 144_115_200_605_756_236),
    call([94_906_267, 94_906_269, 1], 3, 144_115_200_605_756_235),
    call(np.array([2, 3, 1]), 1, -1),
)
FITS_NONSENSE = cases(
    call([3], 1, 1000),
    call([3, 2.5], 1, 1000),
    call([3, 2], 0, 1000),
    call([3, 2], 1, 1000, "rmsprop"),
    call([3, 2], 1, -1, "adam", "fp8"),
)


@pytest.mark.points("fits", 1.5)
def test_exact_budget(student: Any, reference: Any) -> None:
    """Exactly the step's bytes are enough, one byte less is not."""
    agree(student.fits, reference.fits, EXACT, kind="truth")


@pytest.mark.points("fits", 1.5)
def test_exact_budget_of_optimizers(student: Any, reference: Any) -> None:
    """The same for other optimizers and for mixed precision."""
    agree(student.fits, reference.fits, EXACT_OTHERWISE, kind="truth")


@pytest.mark.points("fits", 0.5)
def test_budgets(student: Any, reference: Any) -> None:
    """Nothing fits into no budget or a negative one; large bytes keep all their digits."""
    leaves_arguments_alone(student.fits, reference.fits, BUDGETS, kind="truth")


@pytest.mark.points("fits", 0.5, needs_values=True)
def test_fits_of_nonsense(student: Any, reference: Any) -> None:
    """What training_bytes refuses raises ValueError whatever the budget."""
    agree(student.fits, reference.fits, FITS_NONSENSE, kind="truth")


ONE_HIDDEN = cases(
    call(1, 1, 1, 8),
    call(1, 1, 1, 0),
    call(1, 1, 1, 7),
    call(3, 2, 1, 60),
    call(2, 5, hidden_layers=1, budget_bytes=99),
)
SEVERAL_HIDDEN = cases(
    call(3, 2, 2, 64), call(3, 2, 2, 63), call(2, 3, 5, 1000, 8), call(4, 1, 3, 58, bits=4)
)
FEW_BITS = cases(call(1, 1, 1, 4, 7), call(1, 1, 1, 2, bits=1), call(3, 2, 1, 5, 12))
LARGE_BUDGETS = cases(
    call(784, 10, 1, 10**12, 1),
    call(784, 10, 1000, 10**12),
    call(10**9, 1, 2, 100_000_010_300, 8),
    call(10**9, 1, 2, 100_000_010_301, 8),
)
WIDEST_NONSENSE = cases(
    call(0, 2, 1, 60),
    call(3, 0, 1, 60),
    call(3, 2, 0, 60),
    call(3, 2, 1, -1),
    call(3, 2, 1, 60, 0),
)


@pytest.mark.points("widest_hidden_layer", 1)
def test_one_hidden_layer(student: Any, reference: Any) -> None:
    """One hidden layer, and the budget is enough exactly, or one byte short."""
    agree(student.widest_hidden_layer, reference.widest_hidden_layer, ONE_HIDDEN, kind="count")


@pytest.mark.points("widest_hidden_layer", 1)
def test_several_hidden_layers(student: Any, reference: Any) -> None:
    """Each hidden layer but the first is fed by one as wide as itself."""
    agree(student.widest_hidden_layer, reference.widest_hidden_layer, SEVERAL_HIDDEN, kind="count")


@pytest.mark.points("widest_hidden_layer", 0.5)
def test_few_bits(student: Any, reference: Any) -> None:
    """The bytes of all parameters together are rounded up."""
    agree(student.widest_hidden_layer, reference.widest_hidden_layer, FEW_BITS, kind="count")


@pytest.mark.points("widest_hidden_layer", 1)
def test_large_budgets(student: Any, reference: Any) -> None:
    """Budgets up to 10**12 bytes, exact and in time, with up to 1000 hidden layers."""
    agree(student.widest_hidden_layer, reference.widest_hidden_layer, LARGE_BUDGETS, kind="count")


@pytest.mark.points("widest_hidden_layer", 0.5, needs_values=True)
def test_widest_of_nonsense(student: Any, reference: Any) -> None:
    """Widths, layers and bits below 1 and a negative budget raise ValueError."""
    agree(student.widest_hidden_layer, reference.widest_hidden_layer, WIDEST_NONSENSE, kind="count")
