"""The hidden suites under plain pytest: ``pytest grader/suites --submission PATH``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from class_folders import write

ROOT = Path(__file__).resolve().parents[1]
NOTHING_RIGHT = "def relu(z):\n    return None\n"
WEAK = """
import functools
import grader.sandbox as sandbox

sandbox.Sandbox = functools.partial(sandbox.Sandbox, without={"landlock"})
"""

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="full isolation is Linux's"),
    pytest.mark.usefixtures("sandbox"),
]


def _suites(*arguments: str | Path, module: str = "relu", **variables: str) -> tuple[int, str]:
    """Run one suite as an instructor does; gives the exit status and what was said."""
    plain = ("-q", "-p", "no:cacheprovider", "-p", "no:randomly")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", f"grader/suites/test_{module}.py", *plain, *arguments],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout


def test_a_right_hand_in_passes(tmp_path: Path) -> None:
    """Every hidden test runs on the named folder."""
    write(tmp_path, "ada")
    status, said = _suites("--submission", tmp_path / "ada")
    assert (status, "passed" in said, "failed" in said) == (0, True, False)


def test_a_wrong_hand_in_fails_where_it_is_wrong(tmp_path: Path) -> None:
    """The same suite tells a wrong function; another module's suite is not concerned."""
    write(tmp_path, "bob", relu=NOTHING_RIGHT)
    status, said = _suites("--submission", tmp_path / "bob")
    assert (status, "failed" in said) == (1, True)
    status, _ = _suites("--submission", tmp_path / "bob", module="parameters")
    assert status == 0


def test_a_single_file_is_a_hand_in(tmp_path: Path) -> None:
    """A .py with one function is taken as it is."""
    write(tmp_path, "ada")
    status, _ = _suites("--submission", tmp_path / "ada" / "relu.py")
    assert status == 0


def test_without_a_hand_in_the_remedy_is_said() -> None:
    """Nothing is graded, and the option is named."""
    status, said = _suites()
    assert (status, "no submission: name one with --submission PATH" in said) == (1, True)


def test_weak_isolation_is_refused_unless_allowed(tmp_path: Path) -> None:
    """A student's code does not run half confined, unless told to."""
    write(tmp_path / "class", "ada")
    (tmp_path / "sitecustomize.py").write_text(WEAK, encoding="utf-8")
    named = ("--submission", tmp_path / "class" / "ada")
    status, said = _suites(*named, PYTHONPATH=str(tmp_path))
    assert (status, "isolation is weak: no Landlock" in said) == (1, True)
    status, _ = _suites(*named, "--allow-weak-isolation", PYTHONPATH=str(tmp_path))
    assert status == 0
