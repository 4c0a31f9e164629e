"""The prediction against what was measured: PyTorch's own tracker, and a GPU's counters.

The tracker's tests skip where PyTorch is not installed; the one that needs figures from a GPU
skips while no measurement of one is kept in bench/gpu/measurements.
"""

import pytest
from gpu_cases import ON_A_GPU, SMALL, document, needs_torch

from bench.gpu import compare, measure
from bench.gpu.case import ALLOCATORS, PRECISIONS, Case

WAYS = (
    ("sgd", "foreach"),
    ("sgd", "for-loop"),
    ("momentum", "foreach"),
    ("momentum", "for-loop"),
    ("adam", "foreach"),
    ("adam", "for-loop"),
    ("adam", "fused"),
)
TRACKED = [
    # Each precision meets every way, on networks taken in turn.
    Case(*SMALL[(i + j) % len(SMALL)], optimizer, implementation, precision)
    for i, (optimizer, implementation) in enumerate(WAYS)
    for j, precision in enumerate(PRECISIONS)
]


@needs_torch
@pytest.mark.parametrize("case", TRACKED, ids=lambda case: case.name)
def test_tracker_agrees_to_the_byte(case: Case) -> None:
    """At the end and the peak of each phase the tracker counts exactly what is predicted."""
    outcome = compare.compare(document(case, measure.measured(case.to_dict(), "cpu"), "cpu"))
    assert outcome.differences == ()
    assert outcome.compared == 2 * 2 * 10


def test_kept_measurements_agree() -> None:
    """Every number of the kept tracker measurement is as predicted, for the whole matrix."""
    kept = compare.read(compare.FOLDER / "cpu-tracker.json")
    outcome = compare.compare(kept)
    assert (outcome.differences, outcome.failed) == ((), ())
    measured = tuple(Case.from_dict(entry["case"]) for entry in kept["cases"])
    assert measured == measure.chosen((), "cpu")


def test_gpu_measurements_agree() -> None:
    """On a GPU, bytes asked for are as predicted, and peaks lie where the page explains."""
    if not ON_A_GPU:
        pytest.skip(
            "no GPU measurement is kept yet: run bench/gpu/measure.py on a machine with one and "
            "put the file into bench/gpu/measurements"
        )
    for path in ON_A_GPU:
        kept = compare.read(path)
        outcome = compare.compare(kept)
        assert (outcome.differences, outcome.failed) == ((), ()), path.name
        assert {case["allocator"] for case in kept["cases"]} == set(ALLOCATORS)
