"""The grader's end of the pipe under fire: a liar at the other end gets marks, no exception."""

import os

import pytest

from bench.fuzz_protocol import fuzz
from nnv.compare import Difference, difference

# `bench/fuzz_protocol.py --seconds 600` goes on for longer.
SECONDS = float(os.environ.get("NNV_FUZZ_SECONDS", "20"))


@pytest.mark.slow
def test_forged_replies_are_read_or_refused() -> None:
    """Hostile bytes raise nothing but `WireError`, and hostile processes end in plain marks."""
    outcomes = fuzz(SECONDS, seed=7)
    assert outcomes["reply read"] > 0
    assert outcomes["reply refused"] > 0
    assert outcomes["mark failed"] > 0
    assert outcomes["mark crashed"] > 0


def test_a_number_too_large_for_a_float_is_another_number() -> None:
    """A finding: a count of 400 digits was the grader's error."""
    for got in (10**400, -(10**400)):
        assert difference(got, 12, kind="count", loose=False) == Difference("another number")
