"""The hand-in reader under fire: nothing but a submission or a plain refusal may come out."""

import os

import pytest

from bench.fuzz_submission import fuzz

# `bench/fuzz_submission.py --seconds 600` goes on for longer.
SECONDS = float(os.environ.get("NNV_FUZZ_SECONDS", "20"))


@pytest.mark.slow
def test_fuzzed_hand_ins_are_read_or_refused() -> None:
    """Hostile folders, zips and notebooks raise nothing but `Unreadable`, in bounded time."""
    outcomes = fuzz(SECONDS, seed=7)
    assert outcomes["read"] > 0
    assert outcomes["unreadable"] > 0
