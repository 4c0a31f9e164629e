"""Failing calls as small tables: aligned, with what differs marked."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from grader.feedback.matrices import Value, both, value

NUMBERS = st.floats(-1e9, 1e9) | st.integers(-(2**53), 2**53)
PLAIN = st.recursive(
    NUMBERS | st.none() | st.booleans() | st.builds(lambda t: {"text": t}, st.text(max_size=9)),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=20,
)


def marks(shown: Value) -> list[list[bool]]:
    return [[cell.differs for cell in row] for row in shown.rows]


def texts(shown: Value) -> list[list[str]]:
    return [[cell.text for cell in row] for row in shown.rows]


def test_a_matrix_has_its_rows_and_its_shape() -> None:
    """Two lists of three are two rows, and the shape is said in words."""
    shown = value([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert texts(shown) == [["1.0", "2.0", "3.0"], ["4.0", "5.0", "6.0"]]
    assert shown.text == "shape (2, 3)"


def test_numbers_of_a_table_have_the_same_decimals() -> None:
    """So that their points stand under each other."""
    assert texts(value([1.0, 0.25, -3.5])) == [["1.00", "0.25", "-3.50"]]


def test_whole_numbers_stay_whole() -> None:
    """A count has no decimals."""
    assert texts(value([1, 20])) == [["1", "20"]]


def test_just_the_entries_that_differ_are_marked() -> None:
    """In what came back and in what was due."""
    gave, due = both([[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.5], [3.0, 4.0]])
    assert marks(gave) == marks(due) == [[False, True], [False, False]]


def test_tables_of_different_shapes_are_not_compared_by_entry() -> None:
    """The shapes stand beside them; no entry is to blame."""
    gave, due = both([1.0, 2.0], [[1.0, 2.0]])
    assert marks(gave) == [[False, False]]
    assert (gave.text, due.text) == ("shape (2,)", "shape (1, 2)")


def test_a_difference_too_small_for_six_digits_is_seen() -> None:
    """More digits are shown where six look the same."""
    gave, due = both(1.0000001, 1.0000002)
    assert gave.rows[0][0].text != due.rows[0][0].text


def test_rounding_that_the_grader_allows_is_no_difference() -> None:
    """An entry within the tolerance is not marked."""
    gave, _ = both([0.30000000000000004, 1.0], [0.3, 2.0])
    assert marks(gave) == [[False, True]]


def test_layers_are_shown_part_by_part() -> None:
    """Each layer has its W and its b."""
    shown = value([[[[1.0, 2.0]], [0.0, 0.5]], [[[1.0], [1.0]], [0.0]]])
    assert [label for label, _ in shown.parts] == ["layer 1", "layer 2"]
    assert [label for label, _ in shown.parts[0][1].parts] == ["W", "b"]


def test_the_parts_of_a_pair_are_compared_each_with_its_own() -> None:
    """A wrong bias is marked, and the right weights are not."""
    gave, _ = both([[[6.0]], [7.0]], [[[6.0]], [8.0]])
    weights, bias = (part for _, part in gave.parts)
    assert (marks(weights), marks(bias)) == ([[False]], [[True]])


def test_what_is_no_number_is_shown_as_text() -> None:
    """Truth values, None and texts keep their words."""
    shown = [value(data).text for data in (True, None, {"text": "'<b>'"})]
    assert shown == ["True", "None", "'<b>'"]


@given(PLAIN, PLAIN)
def test_any_two_values_can_stand_side_by_side(gave: Any, due: Any) -> None:
    """Whatever a function gave, laying it out never fails, and equal values have no marks."""
    both(gave, due)
    same, _ = both(gave, gave)
    assert not _any_mark(same)


def _any_mark(shown: Value) -> bool:
    return any(map(any, marks(shown))) or any(_any_mark(part) for _, part in shown.parts)
