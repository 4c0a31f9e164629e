"""What the tests of bench/gpu share: cases, kept measurements, and files as if measured."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from bench.gpu import compare, measure
from bench.gpu.case import Case

MEASUREMENTS = sorted(compare.FOLDER.glob("*.json"))
ON_A_GPU = [path for path in MEASUREMENTS if compare.read(path)["device"]["type"] == "cuda"]
needs_torch = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None,
    reason="PyTorch is not installed (the extra [torch])",
)
SMALL: tuple[tuple[tuple[int, ...], int], ...] = (
    ((2, 2), 1),
    ((3, 5, 7, 2), 64),
    ((7, 5, 3, 2), 11),
    ((50, 200, 200, 200, 3), 30),
    ((784, 300, 100, 10), 64),
)


def document(case: Case, entry: dict[str, Any], device: str) -> dict[str, Any]:
    """A measurement file of one case."""
    columns = ["iteration", "phase", *measure._column_names(device)]
    entry = {"case": case.to_dict(), "allocator": "tracker"} | entry
    return {
        "schema_version": 1,
        "device": {"type": device},
        "columns": columns,
        "cases": [entry],
    }
