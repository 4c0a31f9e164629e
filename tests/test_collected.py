"""Suites that cannot be collected: the fault is named before anything is graded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.collected import HiddenTest, SuiteError, by_function, collect
from nnv.manifest import manifest

SETTINGS = "[pytest]\nmarkers =\n    points(function, points): what it is worth\n"


@pytest.mark.parametrize(
    ("suite", "fault"),
    [
        ("import no_such_module\n", "no_such_module"),
        ("", "no hidden test"),
        ("def test_relu(student):\n    pass\n", "needs the marker points"),
    ],
)
def test_a_suite_that_cannot_be_used_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suite: str, fault: str
) -> None:
    """What cannot be imported, is empty or has no points; the instructor's settings stay."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-q")
    (tmp_path / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / f"test_hidden_{tmp_path.name}.py").write_text(suite, encoding="utf-8")
    with pytest.raises(SuiteError, match=fault):
        collect(tmp_path)
    assert os.environ["PYTEST_ADDOPTS"] == "-q"


def test_a_test_of_no_function_is_named() -> None:
    """A slip in a function's name in a marker does not go unnoticed."""
    test = HiddenTest("test_relu", "rleu", 8.0, False, lambda: None)
    with pytest.raises(SuiteError, match="rleu is no function of the manifest"):
        by_function(manifest(), (test,))


def test_points_have_to_sum_up() -> None:
    """The manifest says what a function is worth."""
    with pytest.raises(SuiteError, match="are worth 0 points, the manifest says"):
        by_function(manifest(), ())
