"""The hand-in reader under fire: nothing but a submission or a plain refusal may come out."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "bench" / "fuzz_submission.py"
# `bench/fuzz_submission.py --seconds 600` goes on for longer.
SECONDS = float(os.environ.get("NNV_FUZZ_SECONDS", "20"))


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz_submission", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_fuzzed_hand_ins_are_read_or_refused() -> None:
    """Hostile folders, zips and notebooks raise nothing but `Unreadable`, in bounded time."""
    outcomes = _script().fuzz(SECONDS, seed=7)
    assert outcomes["read"] > 0
    assert outcomes["unreadable"] > 0
