"""How calls, values and differences are shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnv.compare import difference
from nnv.wording import assemble, raised_line, show, show_call, value_lines, visible


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.0, "2.0"),
        (1 / 3, "0.333333"),
        (1e-9, "1e-09"),
        (float("nan"), "nan"),
        (16777216, "16777216"),
        (np.array([[1.0, 0.5]]), "[[1.0, 0.5]]"),
        (np.array(4), "4"),
        ((1,), "(1,)"),
        (None, "None"),
        (np.bool_(False), "False"),
        ("a\x1b[31m", "'a\\\\x1b[31m'"),
        (list(range(20)), "[0, 1, 2, 3, … 15 more …, 19]"),
    ],
)
def test_values_read_well(value: object, text: str) -> None:
    """Numbers are rounded, arrays are lists, long lists are cut, control characters shown."""
    assert show(value) == text


def test_a_huge_number_is_not_printed() -> None:
    """A number of a million digits is named by its size."""
    assert show(10**1000) == "a whole number of 3322 bits"


def test_a_call_names_its_arguments() -> None:
    """Several arguments are shown with their names, a single one without."""
    assert show_call("relu", [2.0], {}, ["z"]) == "relu(2.0)"
    assert show_call("f", [1, [2]], {"b": 3.5}, ["x", "w", "b"]) == "f(x=1, w=[2], b=3.5)"


def test_small_differences_are_shown_with_their_digits() -> None:
    """Where six digits look the same, more are printed."""
    due = np.array([1.0, 2.00000001])
    found = difference([1.0, 2.0], due)
    assert found is not None
    lines = value_lines([1.0, 2.0], due, found)
    assert "2.00000001" in lines[1]
    assert lines[2] == "  differs   at [1]: 2.0, expected 2.00000001"


def test_a_message_has_at_most_eight_lines() -> None:
    """Whatever is to be said, a message stays short and ends with the hint."""
    text = assemble("f(1)", [f"  line {i}" for i in range(20)], "look again")
    assert text.count("\n") == 7
    assert text.endswith("hint      look again")


def test_what_was_raised_stays_on_one_line() -> None:
    """A message of many lines or with terminal codes cannot disguise itself."""
    line = raised_line("ValueError", "a\nb\x1b[2J\u202ec", "dense.py", 3)
    assert line == "  raised    ValueError: a b\\x1b[2J\\x202ec (dense.py, line 3)"


@given(st.text())
def test_shown_text_is_printable(text: str) -> None:
    """No control or direction character of a student's text reaches a terminal."""
    assert visible(text).isprintable()
    assert "\n" not in show(text)
