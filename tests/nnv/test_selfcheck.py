"""A self-check passes for what is right and says to a beginner what is wrong."""

import sys

import numpy as np
import pytest

from nnv.calls import SelfCheckError
from nnv.selfcheck import check, check_raises, check_xor

XOR = [([[1, 1], [1, 1]], [0, -1]), ([[1], [-2]], [0])]


def failure(checker, *args, **kwargs) -> SelfCheckError:
    with pytest.raises(SelfCheckError) as caught:
        checker(*args, **kwargs)
    assert len(caught.value.message.splitlines()) <= 8
    return caught.value


def test_a_right_value_passes():
    """Numbers, arrays, truth values, counts and pairs pass where they agree."""
    check(lambda z: np.maximum(z, 0.0), [[-1.0, 2.0]], gives=[[0.0, 2.0]])
    check(lambda a, b: a / b, 1.0, 3.0, gives=1 / 3)
    check(lambda a: a > 1, 2, gives=True)
    check(lambda a: 2 * a, 2**62, gives=2**63)
    check(lambda: (np.eye(2), [0, 1]), gives=([[1, 0], [0, 1]], [0, 1]))


def test_a_wrong_value_shows_call_result_due_and_place():
    """The message has the call, both values, the first place that differs, and the hint."""

    def relu(z):
        return np.abs(z)

    found = failure(check, relu, [-3.0, 2.0], gives=[0.0, 2.0])
    assert found.status == "wrong"
    lines = found.message.splitlines()
    assert lines[0] == "relu([-3.0, 2.0])"
    assert lines[1] == "  gave      [3.0, 2.0]   (shape (2,))"
    assert lines[2] == "  expected  [0.0, 2.0]   (shape (2,))"
    assert lines[3] == "  differs   at [0]: 3.0, expected 0.0"
    assert lines[4].startswith("  hint      ")


def test_none_asks_for_the_return():
    """A function without return is told so."""
    assert "is a return missing?" in failure(check, lambda z: None, 1, gives=1).message


def test_counts_are_exact():
    """A count that a float cannot hold is wrong, although it is near."""
    assert failure(check, float, 2**60 + 1, gives=2**60 + 1).status == "wrong"


def test_real_numbers_have_a_tolerance():
    """A whole number that is due from real input need not be hit to the last digit."""
    check(lambda a: a * (1 + 1e-12), 3.0, gives=3)


def test_float32_arguments_widen_the_tolerance():
    """What was computed in float32 agrees to fewer digits."""
    check(lambda a: np.float64(a[0]) * (1 + 1e-6), np.float32([0.5]), gives=0.5)


def test_an_exception_is_shown_with_the_students_line():
    """Type, message, file and line of the student's code, and no traceback."""

    def neuron(x):
        return x + undefined  # noqa: F821

    found = failure(check, neuron, 1, gives=1)
    line = neuron.__code__.co_firstlineno + 1
    said = f"NameError: name 'undefined' is not defined (test_selfcheck.py, line {line})"
    assert f"  raised    {said}" == found.message.splitlines()[1]


def test_sys_exit_is_only_a_wrong_answer():
    """A student's sys.exit() ends the check and not the program."""
    assert "SystemExit" in failure(check, lambda: sys.exit(3), gives=1).message


def test_a_changed_argument_is_shown_before_and_after():
    """A function that gives the right value but spoils its argument is told so."""

    def spoil(x):
        x[0] = 0
        return 5

    found = failure(check, spoil, [1, 2], gives=5)
    assert "  from      [1, 2]" in found.message
    assert "  to        [0, 2]" in found.message


@pytest.mark.parametrize("spoil", [list.sort, list.clear])
def test_the_call_is_shown_as_it_was_made(spoil):
    """Arguments are shown as they were before the function changed them."""
    assert failure(check, spoil, [2, 1], gives=5).message.startswith(f"{spoil.__name__}([2, 1])")


def test_a_stub_is_not_written_yet():
    """NotImplementedError says what to do first."""

    def relu(z):
        raise NotImplementedError("relu: keep what is positive")

    found = failure(check, relu, 1, gives=1)
    assert (found.function, found.status) == ("relu", "not_written")
    assert "relu is not written yet. Open exercises/relu.py" in found.message


def test_a_stub_is_not_written_where_an_error_is_due():
    """A stub does not pass for a function that raises ValueError."""

    def dense(x):
        raise NotImplementedError("dense: multiply")

    assert failure(check_raises, dense, 1).status == "not_written"


def test_a_function_waits_for_another():
    """A function that calls a stub waits for it and is not wrong."""

    def relu(z):
        raise NotImplementedError("relu: keep what is positive")

    def dense(x):
        return relu(x)

    found = failure(check, dense, 1, gives=1)
    assert found.status == "waits"
    assert found.message == "dense calls relu, which is not written yet (relu.py)"


def test_raising_value_error_passes():
    """Any message and any subclass will do."""

    class Mine(ValueError):
        pass

    def complain(_x):
        raise Mine

    check_raises(complain, 1)


def test_a_value_where_an_error_is_due_is_shown():
    """What came back stands beside the ValueError that was due."""
    found = failure(check_raises, lambda x: x, 2.5)
    assert "  gave      2.5" in found.message
    assert "  expected  a ValueError" in found.message


def test_another_error_than_the_due_one_is_shown():
    """A TypeError is no ValueError."""
    found = failure(check_raises, lambda x: x + "", 1)
    assert "raised    TypeError" in found.message
    assert "expected  a ValueError" in found.message


def test_xor_layers_pass():
    """Weights that compute XOR pass, whatever they are made of."""
    check_xor(lambda: XOR)
    check_xor(lambda: [(np.array(W), np.array(b)) for W, b in XOR])
    check_xor(lambda: [*XOR[:1], ([[1], [-2]], [0]), ([[1]], [0])])


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        (None, "is a return missing?"),
        (3, "expected  a list of pairs (W, b)"),
        ([1, 2], "expected  a list of pairs (W, b)"),
        (XOR[:1], "expected  at least one hidden layer"),
        ([([[1, 1]], [0, -1]), XOR[1]], "layer 1   W of shape (1, 2) and b of shape (2,)"),
        ([XOR[0], ([[1], [-2]], [0, 0])], "layer 2   W of shape (2, 1) and b of shape (2,)"),
        ([XOR[0], ([["a"], [-2]], [0])], "layer 2   is not made of numbers"),
        ([XOR[0], ([[1], [1]], [0])], "for (1, 1) its network gives 3.0"),
        ([XOR[0], ([[np.nan], [1]], [0])], "for (0, 0) its network gives nan"),
    ],
)
def test_xor_layers_that_are_wrong_say_where(layers, said):
    """Another form, other shapes and outputs on the wrong side are named."""

    def xor_layers():
        return layers

    assert said in failure(check_xor, xor_layers).message
