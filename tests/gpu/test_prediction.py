"""What bench/gpu/model.py predicts of memory, against what is known without measuring."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.gpu.case import IMPLEMENTATIONS, OPTIMIZERS, PRECISIONS, Case, matrix
from bench.gpu.model import BLOCK, Held, in_blocks, largest_sum, predict, weights
from solutions.parameters import network_parameters

PUBLISHED = Path(__file__).parents[1] / "data" / "published.yaml"


def phase(case: Case, name: str, iteration: int) -> Held:
    """The prediction of one phase."""
    found = [h for h in predict(case) if (h.iteration, h.phase) == (iteration, name)]
    return found[0]


def test_blocks_are_those_of_the_published_allocator() -> None:
    """Rounding gives what PyTorch's round_size gives on the sizes that were collected."""
    records = yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))
    rounding = next(r for r in records if r["id"] == "allocator-round-size")
    smallest = next(r for r in records if r["id"] == "allocator-kMinBlockSize")
    assert rounding["computed"] == [in_blocks(size) for size in rounding["inputs"]["request"]]
    assert smallest["computed"] == BLOCK


def test_weights_are_rounded_tensor_by_tensor() -> None:
    """LeNet-300-100 asks for 1,066,440 bytes and is given 1,068,032."""
    lenet = Case((784, 300, 100, 10), 1)
    assert (weights(lenet), weights(lenet, rounded=True)) == (1_066_440, 1_068_032)


@pytest.mark.parametrize(
    ("optimizer", "precision", "due"),
    [
        ("adam", "fp32", 20),
        ("adam", "bf16", 10),
        ("adam", "autocast", 20),
        ("sgd", "fp32", 8),
        ("momentum", "fp32", 12),
        ("sgd", "bf16", 4),
        ("momentum", "bf16", 6),
    ],
)
def test_bytes_a_parameter_of_a_wide_network(optimizer: str, precision: str, due: int) -> None:
    """With one input, a wide network's step peaks at the known bytes a parameter."""
    wide = Case((4096, 4096, 4096, 4096), 1, optimizer, "foreach", precision)
    peak = phase(wide, "step", 2).peak
    assert round(peak / network_parameters(wide.sizes), 1) == due


def test_one_tensor_at_a_time_is_not_always_smaller() -> None:
    """Where one weight matrix is most of the network, Adam's for-loop peaks above foreach."""
    sizes, parameters = (784, 4096, 4096, 10), network_parameters((784, 4096, 4096, 10))
    peaks = {way: largest_sum(predict(Case(sizes, 128, "adam", way))) for way in IMPLEMENTATIONS}
    assert round(peaks["for-loop"] / parameters, 1) == 22.7
    assert round(peaks["foreach"] / parameters, 1) == 20.0
    assert peaks["fused"] < peaks["foreach"] < peaks["for-loop"]


@pytest.mark.parametrize(
    "fields",
    [
        {"sizes": (3,)},
        {"sizes": (3, 0)},
        {"batch": 0},
        {"optimizer": "lion"},
        {"implementation": "none"},
        {"precision": "mixed"},
    ],
)
def test_a_case_that_makes_no_sense_is_refused(fields: dict[str, Any]) -> None:
    """A case says which field is wrong."""
    plain: dict[str, Any] = {"sizes": (3, 2), "batch": 1}
    with pytest.raises(ValueError, match=next(iter(fields))):
        Case(**(plain | fields))


def test_the_matrix_has_every_way_and_no_case_twice() -> None:
    """Measured are small and wide networks, all optimizers, implementations and precisions."""
    cases = matrix()
    assert len(cases) == len({case.name for case in cases})
    assert {case.optimizer for case in cases} == set(OPTIMIZERS)
    assert {case.implementation for case in cases} == set(IMPLEMENTATIONS)
    assert {case.precision for case in cases} == set(PRECISIONS)
    assert {(3, 5, 7, 2), (784, 4096, 4096, 10)} < {case.sizes for case in cases}
    assert max(max(case.sizes) for case in cases) > 4096
