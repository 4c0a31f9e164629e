"""The yardstick: value, shape, tolerance."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnv.compare import describe, difference, involves_float32, real_array


@pytest.mark.parametrize(
    "got", [3.0, 3, np.float64(3), np.int8(3), np.array(3.0), Fraction(3), Decimal(3)]
)
def test_every_scalar_is_a_number(got: object) -> None:
    """A Python or NumPy scalar and a 0-d array are numbers."""
    assert difference(got, 3.0) is None


@pytest.mark.parametrize("got", [np.array([3.0]), [3.0], (3.0,), "3", None, True, 3 + 0j, [[3.0]]])
def test_what_is_no_number(got: object) -> None:
    """A result of shape (1,), a list, text, None and a truth value are not numbers."""
    assert difference(got, 3.0) is not None


def test_tolerance_is_tight() -> None:
    """Real values agree to nine digits, not to eight."""
    assert difference(1.0 + 5e-10, 1.0) is None
    assert difference(1.0 + 5e-9, 1.0) is not None
    assert difference(5e-13, 0.0) is None
    assert difference(5e-12, 0.0) is not None


def test_float32_widens_the_tolerance() -> None:
    """A float32 result, or one of float32 arguments, agrees to five digits."""
    near = 1.0 + 5e-6
    assert difference(np.float32(near), 1.0) is None
    assert difference(near, 1.0) is not None
    assert difference(near, 1.0, loose=True) is None
    assert difference([np.float32(near), np.float32(2)], np.array([1.0, 2.0])) is None
    assert difference(np.float16(near), 1.0 + 1e-4) is not None


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_finite_where_finite_is_due(bad: float) -> None:
    """A nan or an infinity is never right, whatever the tolerance."""
    assert difference(bad, 1.0) is not None
    found = difference(np.array([1.0, bad]), np.array([1.0, 2.0]), loose=True)
    assert found is not None
    assert found.where == (1,)


def test_shape_is_exact() -> None:
    """Numbers that would broadcast are not the shape that is due."""
    due = np.ones((2, 3))
    assert difference([[1, 1, 1], [1, 1, 1]], due) is None
    for got in (1.0, np.ones(3), np.ones((1, 2, 3)), np.ones((3, 2)), [[1, 1, 1], [1, 1]]):
        assert difference(got, due) is not None


def test_empty_arrays_keep_their_shape() -> None:
    """An empty result must have the very shape that is due."""
    assert difference([], np.zeros(0)) is None
    assert difference(np.zeros((0, 3)), np.zeros((0, 3))) is None
    assert difference(np.zeros(0), np.zeros((0, 3))) is not None


def test_the_first_difference_is_named() -> None:
    """The place of the first entry that differs is given in reading order."""
    found = difference([[1, 2], [9, 9]], np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert found is not None
    assert found.where == (1, 0)


@pytest.mark.parametrize("got", [2**62, float(2**62), np.int64(2**62), Fraction(2**62)])
def test_exact_counts(got: object) -> None:
    """A count may be any number that is exactly the whole number."""
    assert difference(got, 2**62, kind="count") is None


@pytest.mark.parametrize(
    "got", [float(2**62 + 1), 2**62, True, "4611686018427387905", None, [2**62 + 1], 4.6e18]
)
def test_lost_digits_are_no_count(got: object) -> None:
    """A float that has lost digits, or anything but a number, is no count."""
    assert difference(got, 2**62 + 1, kind="count") is not None


@given(st.integers(0, 2**63 - 1), st.integers(1, 1000))
def test_counts_never_agree_by_accident(count: int, off: int) -> None:
    """Another whole number is another count, however large both are."""
    assert difference(count, count, kind="count") is None
    assert difference(count + off, count, kind="count") is not None


def test_truth_values() -> None:
    """Only booleans are truth values; 1 and "True" are not."""
    for right in (True, np.bool_(True), np.array(True)):
        assert difference(right, True, kind="truth") is None
        assert difference(right, False, kind="truth") is not None
    for wrong in (1, 1.0, "True", None, [True], np.array([True])):
        assert difference(wrong, True, kind="truth") is not None


def test_pairs() -> None:
    """A pair is two arrays, as a tuple, a list or a stacked array."""
    due = (np.array([[2.0, 1.0]]), np.array([1.0, 0.5]))
    assert difference(due, due, kind="pair") is None
    assert difference([[[2.0, 1.0]], [1.0, 0.5]], due, kind="pair") is None
    for wrong in (due[0], (due[0],), (*due, due[0]), (due[1], due[0]), None, (due[0], 0.5)):
        assert difference(wrong, due, kind="pair") is not None
    found = difference((due[0], [1.0, 9.0]), due, kind="pair")
    assert found is not None
    assert found.text.startswith("b[1]")


def test_big_whole_numbers_in_object_arrays() -> None:
    """Whole numbers that no NumPy type holds are numbers all the same."""
    assert real_array([2**70]) is not None
    assert real_array(np.array([2**70, 1], dtype=object)) is not None
    assert real_array([10**400]) is not None
    assert real_array([None]) is None


def test_float32_is_seen_in_nested_arguments() -> None:
    """A list of layers with float32 weights involves float32."""
    assert involves_float32([(np.zeros((1, 1), np.float32), np.zeros(1))])
    assert not involves_float32([np.zeros(1), 1.0, "a"])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (np.zeros((2, 3)), "an array of shape (2, 3)"),
        ([1], "a list of 1"),
        ((), "an empty tuple"),
        (True, "a truth value"),
        ("a", "text"),
        (object(), "a value of type object"),
    ],
)
def test_descriptions(value: object, text: str) -> None:
    """A value is described in the words of a beginner."""
    assert describe(value) == text
