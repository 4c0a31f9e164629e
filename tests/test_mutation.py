"""The mutants of the solutions: the hidden suites kill all that are not listed as equivalent."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "bench" / "mutation.py"

pytest.importorskip("mutmut", reason="mutmut makes the mutants")


def _run(*options):
    command = [sys.executable, str(SCRIPT), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_sample_of_mutants_is_killed():
    """Of a sample of mutants, only such survive as are listed with a reason."""
    ended = _run("--sample", "60", "--seed", "4")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "60 of " in ended.stdout
    assert "0 of them not listed" in ended.stdout


def test_unlisted_survivor_fails_the_run(tmp_path):
    """A mutant that survives without being listed is named, and the run ends with 1."""
    nothing = tmp_path / "nothing.yaml"
    nothing.write_text("[]\n", encoding="utf-8")
    ended = _run("--module", "relu", "--module", "neuron", "--equivalents", str(nothing))
    assert ended.returncode == 1
    assert "survived: neuron.weighted_sum: raise ValueError(" in ended.stdout
    assert "1 survived, 1 of them not listed" in ended.stdout


def test_listed_mutant_that_is_killed_fails_the_run(tmp_path):
    """An entry of the list that is out of date is named, and the run ends with 1."""
    stale = tmp_path / "stale.yaml"
    stale.write_text("- reason: none\n  mutants: ['relu.relu: x → y']\n", encoding="utf-8")
    ended = _run("--equivalents", str(stale))
    assert ended.returncode == 1
    assert "listed as equivalent, but is no mutant: relu.relu: x → y" in ended.stdout
