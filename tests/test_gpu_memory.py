"""Holds what we say about memory against PyTorch: its tracker, its tensors, and a GPU's counters.

Tests that need PyTorch skip where it is not installed; the one that needs figures from a GPU
skips while no measurement of one is kept in bench/gpu/measurements.
"""

import copy
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.gpu import compare, measure, page, picture
from bench.gpu.case import ALLOCATORS, IMPLEMENTATIONS, OPTIMIZERS, PRECISIONS, Case, matrix
from bench.gpu.model import BLOCK, MIB, Held, in_blocks, largest_sum, predict, weights
from solutions.memory import training_bytes, weight_bytes, widest_hidden_layer
from solutions.parameters import forward_multiplications, network_parameters

TESTS = Path(__file__).parent
SCRIPT = TESTS.parent / "bench" / "gpu" / "measure.py"
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
CONTRACT = {"fp32": "fp32", "master": "mixed"}


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


def phase(case: Case, name: str, iteration: int) -> Held:
    """The prediction of one phase."""
    found = [h for h in predict(case) if (h.iteration, h.phase) == (iteration, name)]
    return found[0]


# The prediction


def test_blocks_are_those_of_the_published_allocator() -> None:
    """Rounding gives what PyTorch's round_size gives on the sizes that were collected."""
    records = yaml.safe_load((TESTS / "data" / "published.yaml").read_text(encoding="utf-8"))
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


# PyTorch's own tracker


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


# A GPU's own counters


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


# What the exercises count, against PyTorch's tensors


def trained(case: Case) -> Any:
    """A network after one step, its gradients still there."""
    from bench.gpu.training import Training

    training = Training(case, "cpu")
    for work in (training.model, training.data, training.forward, training.backward, training.step):
        work()
    return training


def real_bytes(tensors: list[Any]) -> int:
    """Bytes of the storages of these tensors, each storage once."""
    storages = {t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in tensors}
    return sum(storages.values())


def states(optimizer: Any) -> list[Any]:
    """The optimizer's tensors, without Adam's step counters: one number a tensor, on the CPU."""
    return [
        tensor
        for state in optimizer.state.values()
        for name, tensor in state.items()
        if name != "step" and tensor is not None
    ]


@needs_torch
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("precision", CONTRACT)
def test_weights_gradients_and_states_are_exact(optimizer: str, precision: str) -> None:
    """What training_bytes counts beside activations is what PyTorch's tensors take."""
    case = Case((784, 300, 100, 10), 4, optimizer, "foreach", precision)
    held = trained(case).held
    parameters = list(held["network"].parameters())
    gradients = [p.grad for p in parameters]
    tensors = [*parameters, *gradients, *held.get("masters", []), *states(held["optimizer"])]
    activations = weight_bytes(4 * sum(case.sizes), 32 if precision == "fp32" else 16)
    due = training_bytes(case.sizes, 4, optimizer, CONTRACT[precision]) - activations
    assert due == real_bytes(tensors)


@needs_torch
@pytest.mark.parametrize("precision", CONTRACT)
@pytest.mark.parametrize(("sizes", "batch"), SMALL)
def test_activations_are_exact(sizes: tuple[int, ...], batch: int, precision: str) -> None:
    """The input and every layer's output, once each: what autograd saves, and the logits."""
    import torch

    from bench.gpu.training import Training

    training = Training(Case(sizes, batch, "sgd", "foreach", precision), "cpu")
    training.model()
    training.data()
    saved: list[Any] = []

    def keep(tensor: Any) -> Any:
        saved.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t):
        logits = training.held["network"](training.held["x"])
    own = {p.untyped_storage().data_ptr() for p in training.held["network"].parameters()}
    kept = [t for t in saved if t.untyped_storage().data_ptr() not in own]
    whole = training_bytes(sizes, batch, "sgd", CONTRACT[precision])
    # Autograd saves input and hidden layers; the logits are alive in the caller's hands.
    assert whole - 8 * network_parameters(sizes) == real_bytes([*kept, training.held["x"], logits])


@needs_torch
@pytest.mark.parametrize("bits", [16, 32])
@pytest.mark.parametrize("sizes", [sizes for sizes, _ in SMALL])
def test_weight_bytes_are_exact(sizes: tuple[int, ...], bits: int) -> None:
    """weight_bytes is what a network's weights take in 16 and in 32 bits."""
    from bench.gpu.training import Training

    training = Training(Case(sizes, 1, precision={16: "bf16", 32: "fp32"}[bits]), "cpu")
    training.model()
    parameters = list(training.held["network"].parameters())
    assert weight_bytes(network_parameters(sizes), bits) == real_bytes(parameters)


@needs_torch
@pytest.mark.parametrize("hidden_layers", [1, 2, 5])
@pytest.mark.parametrize("budget", [20_000, 1_000_000, 40_000_000])
def test_widest_hidden_layer_is_the_widest_that_torch_can_hold(
    hidden_layers: int, budget: int
) -> None:
    """PyTorch's weights of that width are within the budget, one neuron more is beyond it."""
    from bench.gpu.training import Training

    width = widest_hidden_layer(784, 10, hidden_layers, budget, bits=16)
    held = []
    for wide in (width, width + 1):
        training = Training(Case((784, *[wide] * hidden_layers, 10), 1, precision="bf16"), "cpu")
        training.model()
        held.append(real_bytes(list(training.held["network"].parameters())))
    assert held[0] <= budget < held[1]


@needs_torch
@pytest.mark.parametrize(("sizes", "batch"), SMALL)
def test_multiplications_are_those_that_torch_counts(sizes: tuple[int, ...], batch: int) -> None:
    """PyTorch's counter gives two operations for each multiplication."""
    from torch.utils.flop_counter import FlopCounterMode

    from bench.gpu.training import Training

    training = Training(Case(sizes, batch), "cpu")
    training.model()
    training.data()
    with FlopCounterMode(display=False) as counter:
        training.held["network"](training.held["x"])
    assert 2 * forward_multiplications(sizes, batch) == counter.get_total_flops()


# The comparison itself


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


# The page

PAGE = TESTS.parent / "docs" / "memory.md"
COUNTING = ("parameters", "memory")


def test_the_page_has_a_line_for_every_number_that_is_marked() -> None:
    """Each counting function and each numeric question of the quiz stands in a table."""
    quiz = yaml.safe_load((TESTS.parent / "quiz" / "lesson04.yaml").read_text(encoding="utf-8"))
    exercises = yaml.safe_load(
        (TESTS.parent / "exercises" / "exercises.yaml").read_text(encoding="utf-8")
    )
    marked = [q["id"] for q in quiz["questions"] if q["type"] == "numeric"]
    marked += [f["name"] for f in exercises["functions"] if f["module"] in COUNTING]
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    missing = [name for name in marked if not any(f"`{name}" in line for line in lines)]
    assert len(marked) >= 10 + 7
    assert missing == []


def test_the_tables_are_those_of_the_measurement() -> None:
    """The page's tables are what bench/gpu/page.py makes of the kept measurement."""
    text = PAGE.read_text(encoding="utf-8")
    assert page.filled(text) == text


def test_the_page_counts_what_was_compared() -> None:
    """The number of comparisons that the page names is the one that the comparison makes."""
    kept = compare.read(compare.FOLDER / "cpu-tracker.json")
    assert f"{compare.compare(kept).compared:,} numbers" in PAGE.read_text(encoding="utf-8")


def test_the_page_says_what_was_measured() -> None:
    """While no GPU measurement is kept the page says so, and no longer."""
    text = PAGE.read_text(encoding="utf-8")
    assert ("No GPU has been measured yet" in text) == (not ON_A_GPU)


def test_a_page_without_a_place_for_a_table_is_refused() -> None:
    """A table that would be lost is an error."""
    with pytest.raises(ValueError, match="'<!-- table: phases -->' is due, found 0"):
        page.filled("nothing here")


def test_the_picture_shows_prediction_and_measurement() -> None:
    """Each phase has two bars of two parts, and the legend says who measured."""
    drawn = picture.draw()
    axes = drawn.axes[0]
    phases = [label.get_text() for label in axes.get_xticklabels()]
    assert phases == ["model", "data", "forward", "backward", "step", "zero_grad"]
    assert len(axes.patches) == 4 * len(phases)
    labels = " ".join(axes.get_legend_handles_labels()[1])
    assert ("tracker, on the CPU" in labels) == (not ON_A_GPU)
    assert picture.FILE.stat().st_size > 0


# The command line


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the script as one would by hand."""
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False
    )


def test_help_has_an_example() -> None:
    """--help names the options and shows a command."""
    answer = run("--help")
    assert answer.returncode == 0
    assert "--only" in answer.stdout
    assert "example: python bench/gpu/measure.py" in answer.stdout


def test_list_names_the_cases_that_only_chooses() -> None:
    """--only takes words that a case's name must have, and may be given again."""
    answer = run("--list", "--only", "3-5-7-2 fused fp32", "--only", "8192 sgd bf16")
    assert answer.stdout.splitlines() == [
        "3-5-7-2 b64 adam fused fp32",
        "1024-8192-8192-8192-10 b64 sgd foreach bf16",
    ]


@needs_torch
def test_without_a_gpu_the_script_says_what_to_do() -> None:
    """Where PyTorch finds no GPU, the exit status is 2 and the message offers the tracker."""
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    answer = run("--only", "3-5-7-2 b64 sgd fp32")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "no CUDA GPU is found" in answer.stderr
    assert "--device cpu" in answer.stderr


@needs_torch
def test_a_misspelt_case_is_an_error() -> None:
    """Words that no case has are told, not answered with an empty file."""
    answer = run("--device", "cpu", "--only", "nonsense")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "no case is called ['nonsense']: --list names them" in answer.stderr


@needs_torch
def test_the_script_measures_with_the_tracker(tmp_path: Path) -> None:
    """A run on the CPU writes a file that the comparison reads and finds right."""
    out = tmp_path / "cpu.json"
    answer = run("--device", "cpu", "--only", "3-5-7-2 b64 sgd fp32", "--out", str(out))
    assert answer.returncode == 0, answer.stderr
    written = compare.read(out)
    assert written["device"]["type"] == "cpu"
    assert set(written["versions"]) == {"torch", "cuda", "python"}
    outcome = compare.compare(written)
    assert (outcome.compared, outcome.differences) == (40, ())


@needs_torch
def test_a_case_that_fails_is_kept_with_its_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A process that dies leaves its last line in the file, and the exit status is 1."""
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU, on which the case would not fail")
    options = measure.parser().parse_args(["--device", "cuda"])
    entry = measure.in_a_process(Case((3, 5, 7, 2), 1), "default", options)
    assert "snapshots" not in entry
    assert "CUDA" in entry["error"]
    assert measure.write({"cases": [entry]}, tmp_path / "failed.json") == 1
    assert "failed" in capsys.readouterr().err
