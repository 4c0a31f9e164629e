"""Makes the tables of docs/memory.md from what was measured, so that the page cannot go stale.

    python -m bench.gpu.page            # prints the tables
    python -m bench.gpu.page --write    # puts them into docs/memory.md

The measurement is a GPU's where one is kept in `measurements`, else the tracker's.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.gpu.case import Case
from bench.gpu.compare import FOLDER, read
from bench.gpu.model import predict
from solutions.memory import training_bytes, weight_bytes, widest_hidden_layer
from solutions.parameters import forward_multiplications, network_parameters

PAGE = Path(__file__).resolve().parents[2] / "docs" / "memory.md"
SHOWN = Case((784, 512, 512, 10), 300)
USUAL = (784, 512, 512, 10)
WIDE = (784, 4096, 4096, 10)
CONTRACT = {"fp32": "fp32", "master": "mixed", "autocast": "mixed"}
TESTS = "pytest tests/gpu -k"


@dataclass(frozen=True, slots=True)
class Measured:
    """Requested bytes of one case, by iteration and phase: (at the end, at most)."""

    case: Case
    phases: dict[tuple[int, str], tuple[int, int]]

    @property
    def peak(self) -> int:
        """The most bytes held at any moment."""
        return max(most for _, most in self.phases.values())

    @property
    def contract(self) -> int:
        """What `training_bytes` says of the case."""
        return training_bytes(
            self.case.sizes, self.case.batch, self.case.optimizer, CONTRACT[self.case.precision]
        )


def source() -> Path:
    """The measurement file that the page is made from."""
    kept = sorted(FOLDER.glob("*.json"))
    return next((path for path in kept if read(path)["device"]["type"] == "cuda"), kept[0])


def measurements() -> dict[Case, Measured]:
    """Every measured case of that file, with the default allocator where there are two."""
    document = read(source())
    return {
        Case.from_dict(entry["case"]): _measured(entry, document["columns"])
        for entry in reversed(document["cases"])
        if "snapshots" in entry
    }


def _measured(entry: dict[str, Any], columns: Sequence[str]) -> Measured:
    rows = [dict(zip(columns, row, strict=True)) for row in entry["snapshots"]]
    phases = {
        (row["iteration"], row["phase"]): (row["requested current"], row["requested peak"])
        for row in rows
    }
    return Measured(Case.from_dict(entry["case"]), phases)


def phase_table(measured: dict[Case, Measured]) -> Iterator[str]:
    """What each phase of the shown case holds, predicted and measured."""
    yield "| phase | alive at its end | predicted | measured | most on the way | measured |"
    yield "|---|---|--:|--:|--:|--:|"
    numbers = measured[SHOWN].phases
    for held in predict(SHOWN):
        if (held.iteration, held.phase) not in ALIVE:
            continue
        end, most = numbers[held.iteration, held.phase]
        alive = ALIVE[held.iteration, held.phase]
        yield (
            f"| {held.phase} | {alive} | {held.current:,} | {end:,} | {held.peak:,} | {most:,} |"
        )


ALIVE = {
    (0, "model"): "weights",
    (0, "data"): "+ inputs, labels",
    (2, "forward"): "+ Adam's state (of the step before), activations, loss",
    (2, "backward"): "weights, state, gradients, data, logits, loss",
    (2, "step"): "the same",
    (2, "zero_grad"): "weights, state, data",
}


def training_table(measured: dict[Case, Measured]) -> Iterator[str]:
    """The contract beside what stays between steps and beside the peak."""
    yield (
        "| network, batch | optimizer | precision | `training_bytes` "
        "| of it weights, gradients, state | measured | peak measured | the sum is |"
    )
    yield "|---|---|---|--:|--:|--:|--:|--:|"
    for case, one in sorted(measured.items(), key=_order):
        if case.sizes in (USUAL, WIDE) and case.batch in (64, 4096) and _shown(case):
            yield _training_row(case, one)


def _shown(case: Case) -> bool:
    """Every implementation in 32 bits, PyTorch's default one in `mixed`."""
    return case.precision == "fp32" or (
        case.precision in CONTRACT and case.implementation == "foreach"
    )


def _order(item: tuple[Case, Measured]) -> tuple[Any, ...]:
    case = item[0]
    precisions, optimizers = tuple(CONTRACT), ("sgd", "momentum", "adam")
    place = precisions.index(case.precision) if case.precision in precisions else 9
    return (case.sizes, case.batch, place, optimizers.index(case.optimizer), case.implementation)


def _training_row(case: Case, one: Measured) -> str:
    way = f", {case.implementation}" if case.optimizer == "adam" else ""
    precision = {"master": "`mixed`, masters", "autocast": "`mixed`, autocast"}
    counted = one.contract - _activations(case)
    held = _without_data(one)
    return (
        f"| {'-'.join(map(str, case.sizes))}, {case.batch} | {case.optimizer}{way} "
        f"| {precision.get(case.precision, case.precision)} | {one.contract:,} "
        f"| {counted:,} | {held:,} | {one.peak:,} | {_percent(one.contract / one.peak - 1)} |"
    )


def _activations(case: Case) -> int:
    bits = 32 if CONTRACT[case.precision] == "fp32" else 16
    return weight_bytes(case.batch * sum(case.sizes), bits)


def _without_data(one: Measured) -> int:
    """What is held after a step, less inputs, labels, logits and loss."""
    data = one.phases[0, "data"][0] - one.phases[0, "model"][0]
    logits = (4 if one.case.precision == "fp32" else 2) * one.case.batch * one.case.sizes[-1]
    loss = 2 if one.case.precision == "master" else 4
    return one.phases[2, "step"][0] - data - logits - loss


def _percent(share: float) -> str:
    return f"{100 * share:+.1f} %".replace("-", "−")


def marks_table(measured: dict[Case, Measured]) -> Iterator[str]:
    """A line for every number that a student is marked on."""
    yield "| number | by the exercise | measured | apart | the figure comes from |"
    yield "|---|--:|--:|--:|---|"
    yield from _counts(measured)
    yield from _training_marks(measured)
    yield from _budget_marks(measured)


def _counts(measured: dict[Case, Measured]) -> Iterator[str]:
    parameters = network_parameters(USUAL)
    model = _row("fp32", measured).phases[0, "model"][0]
    half = _row("bf16", measured).phases[0, "model"][0]
    operations = 2 * forward_multiplications(USUAL, 64)
    yield (
        f"| `dense_parameters`, `network_parameters({list(USUAL)})` | {parameters:,} "
        f"| {model // 4:,} | 0 | `python -m bench.gpu.page` (32-bit weights over 4) |"
    )
    yield (
        f"| `forward_multiplications({list(USUAL)}, 64)`, twice | {operations:,} "
        f"| {operations:,} | 0 | `{TESTS} multiplications` (PyTorch's own counter) |"
    )
    for bits, bytes_held in ((32, model), (16, half)):
        due = weight_bytes(parameters, bits)
        yield (
            f"| `weight_bytes({parameters}, {bits})` | {due:,} | {bytes_held:,} "
            f"| {_percent(due / bytes_held - 1)} | `{TESTS} weight_bytes` |"
        )
    yield (
        "| `weight_bytes(15500000000, 4)`, a 4-bit model | 7.22 GiB | 9.54 GiB | −24.4 % "
        "| `pytest tests/test_published.py -k nf4` (others' measurement) |"
    )
    yield (
        "| `weight_bytes(15500000000, 16)`, the same model | 28.87 GiB | 29.03 GiB | −0.5 % "
        "| `pytest tests/test_published.py -k octocoder-bf16` (others' measurement) |"
    )


def _row(precision: str, measured: dict[Case, Measured]) -> Measured:
    return measured[Case(USUAL, 64, precision=precision)]


def _training_marks(measured: dict[Case, Measured]) -> Iterator[str]:
    for precision in ("fp32", "master"):
        for optimizer in ("sgd", "momentum", "adam"):
            yield _training_mark(optimizer, precision, measured)


def _training_mark(optimizer: str, precision: str, measured: dict[Case, Measured]) -> str:
    one = measured[Case(USUAL, 64, optimizer, "foreach", precision)]
    low, high = _apart(one for one in measured.values() if _is(one.case, optimizer, precision))
    name = f'`training_bytes({list(USUAL)}, 64, "{optimizer}", "{CONTRACT[precision]}")`'
    return (
        f"| {name} | {one.contract:,} | {one.peak:,} (peak) "
        f"| {_percent(one.contract / one.peak - 1)}; all cases {low} to {high} "
        "| `python -m bench.gpu.page` |"
    )


def _is(case: Case, optimizer: str, precision: str) -> bool:
    """Networks of a real size only: in the smallest one, the labels weigh more than the layers."""
    return (case.optimizer, case.precision) == (optimizer, precision) and case.sizes[0] > 3


def _apart(ones: Iterator[Measured]) -> tuple[str, str]:
    shares = sorted(one.contract / one.peak - 1 for one in ones)
    return _percent(shares[0]), _percent(shares[-1])


def _budget_marks(measured: dict[Case, Measured]) -> Iterator[str]:
    for precision, way in (
        ("fp32", "fp32"),
        ("master", "mixed, masters"),
        ("autocast", "mixed, autocast"),
    ):
        kept = [one for one in measured.values() if one.case.precision == precision]
        real = [one for one in kept if one.case.sizes[0] > 3]
        worst = max(one.peak / one.contract for one in real)
        safe = sum(one.contract >= one.peak for one in real)
        yield (
            f"| `fits(…)`, {way} | True from the sum up | True from the peak up "
            f"| peak at most {worst:.2f} × the sum; the sum is enough in {safe} of {len(real)} "
            "cases | `python -m bench.gpu.page` |"
        )
    width = widest_hidden_layer(784, 10, 2, 1_000_000, 16)
    held = weight_bytes(network_parameters([784, width, width, 10]), 16)
    yield (
        f"| `widest_hidden_layer(784, 10, 2, 1000000)` | {width} | {width}: {held:,} bytes of "
        f"weights; {width + 1} is beyond | 0 | `{TESTS} widest` |"
    )


TABLES: dict[str, Callable[[dict[Case, Measured]], Iterator[str]]] = {
    "phases": phase_table,
    "training": training_table,
    "marks": marks_table,
}


def filled(text: str) -> str:
    """The page with its tables made anew.

    Raises:
        ValueError: Where the page lacks the two comments that a table stands between.
    """
    measured = measurements()
    for name, table in TABLES.items():
        marks = re.compile(rf"(<!-- table: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        body = "".join(f"{line}\n" for line in table(measured))
        text, found = marks.subn(lambda m, body=body: m[1] + body + m[2], text)  # type: ignore[misc]
        if found != 1:
            raise ValueError(f"{PAGE.name}: one '<!-- table: {name} -->' is due, found {found}")
    return text


def main(arguments: Sequence[str]) -> int:
    """Prints the tables, or writes them into the page."""
    if list(arguments) == ["--write"]:
        PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    elif not arguments:
        measured = measurements()
        print("\n\n".join("\n".join(table(measured)) for table in TABLES.values()))
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
