"""Comparing prediction and measurement: what differs is found, and what failed is named."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from gpu_cases import document

from bench.gpu import compare
from bench.gpu.case import Case
from bench.gpu.model import BLOCK, MIB, predict


def as_if_measured(case: Case, allocator: str, device: str = "cuda") -> dict[str, Any]:
    """A file with exactly the predicted numbers."""
    asked, blocks = predict(case, device=device), predict(case, rounded=True, device=device)
    pairs = zip(asked, blocks, strict=True)
    rows = [[a.iteration, a.phase, a.current, a.peak, b.current, b.peak] for a, b in pairs]
    made = document(case, {"snapshots": rows, "allocator": allocator}, device)
    return made | {"columns": made["columns"][:6]}


WIDE = Case((784, 512, 512, 10), 64)
REQUESTED, REQUESTED_PEAK, ALLOCATED = 2, 3, 4


@pytest.mark.parametrize(
    ("column", "more", "allocator", "agrees"),
    [
        (REQUESTED, 0, "default", True),
        (REQUESTED, 1, "default", False),
        (REQUESTED, -1, "default", False),
        (ALLOCATED, MIB, "default", True),
        (ALLOCATED, 99 * MIB, "default", False),
        (ALLOCATED, -BLOCK, "default", False),
        (ALLOCATED, BLOCK, "expandable_segments", False),
        (REQUESTED_PEAK, -1, "default", False),
        (REQUESTED_PEAK, 2 * BLOCK, "default", True),
        (REQUESTED_PEAK, 999 * MIB, "default", False),
    ],
)
def test_comparison_sees_what_differs(column: int, more: int, allocator: str, agrees: bool) -> None:
    """One number that is off is found; what the allocator may leave unused is let pass."""
    made = as_if_measured(WIDE, allocator)
    made["cases"][0]["snapshots"][0][column] += more
    outcome = compare.compare(made)
    assert len(outcome.differences) == (0 if agrees else 1)
    assert all(f"({more:+,})" in str(difference) for difference in outcome.differences)


def test_comparison_lists_cases_that_failed() -> None:
    """A case without numbers is named, not counted as agreeing."""
    made = document(WIDE, {"error": "out of memory"}, "cuda")
    outcome = compare.compare(made)
    assert outcome.compared == 0
    assert outcome.failed == (f"{WIDE.name}: out of memory",)


def test_comparison_refuses_phases_out_of_order() -> None:
    """Rows that are not the phases of a step are an error, not a difference."""
    made = copy.deepcopy(as_if_measured(WIDE, "default"))
    made["cases"][0]["snapshots"][2][1] = "backward"
    with pytest.raises(ValueError, match="out of order"):
        compare.compare(made)


def test_comparison_refuses_another_schema(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of another schema version is refused with what to do."""
    file = tmp_path / "old.json"
    file.write_text('{"schema_version": 0}', encoding="utf-8")
    assert compare.main([str(file)]) == 2
    assert "schema_version: must be 1, found 0; measure again" in capsys.readouterr().err


def test_comparison_says_how_many_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The summary counts what was compared; a difference is printed and fails."""
    made = as_if_measured(WIDE, "default")
    file = tmp_path / "gpu.json"
    file.write_text(json.dumps(made), encoding="utf-8")
    assert compare.main([str(file)]) == 0
    assert "40 numbers compared, 0 differ" in capsys.readouterr().out
    made["cases"][0]["snapshots"][0][REQUESTED] += 4
    file.write_text(json.dumps(made), encoding="utf-8")
    assert compare.main([str(file)]) == 1
    assert "model 0, requested current: predicted 2,678,824, measured 2,678,828 (+4)" in (
        capsys.readouterr().out
    )
