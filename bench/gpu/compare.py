"""Holds a measurement file against the prediction, and says where they part.

    python -m bench.gpu.compare bench/gpu/measurements/cpu-tracker.json

What must be equal, and what may differ:

| counter | tracker on the CPU | CUDA, expandable segments | CUDA, default allocator |
|---|---|---|---|
| requested, end of a phase | equal | equal | equal |
| allocated, end of a phase | equal | equal | up to 1 MiB more a tensor above 1 MiB |
| requested and allocated, peak | equal | no less; what is more is library workspace | likewise |

Exit status: 0 where all agree, 1 where something differs, 2 where the file cannot be read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.gpu.case import Case
from bench.gpu.model import MIB, Held, predict

SCHEMA_VERSION = 1
# cuBLAS takes 32 MiB a handle on Hopper and Blackwell, and one for each of two threads.
WORKSPACE = 2 * 32 * MIB
FOLDER = Path(__file__).parent / "measurements"


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that was measured and is not what the prediction allows."""

    case: str
    allocator: str
    iteration: int
    phase: str
    counter: str
    predicted: int
    measured: int

    def __str__(self) -> str:
        """One line: which case, where, what was due, what came."""
        return (
            f"{self.case}, {self.allocator}, {self.phase} {self.iteration}, {self.counter}: "
            f"predicted {self.predicted:,}, measured {self.measured:,} "
            f"({self.measured - self.predicted:+,})"
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file came to.

    Attributes:
        compared: How many numbers were compared.
        differences: Those that the prediction does not allow.
        excess: The most bytes by which a peak lay above its prediction.
        failed: Cases that were not measured, with the reason.
    """

    compared: int
    differences: tuple[Difference, ...]
    excess: int
    failed: tuple[str, ...]


def read(path: Path) -> dict[str, Any]:
    """Reads a measurement file.

    Raises:
        ValueError: Where it has another schema version.
    """
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    version = document.get("schema_version")
    if version != SCHEMA_VERSION:
        raise ValueError(
            f"{path}: schema_version: must be {SCHEMA_VERSION}, found {version!r}; "
            "measure again with bench/gpu/measure.py"
        )
    return document


def compare(document: dict[str, Any]) -> Outcome:
    """Compares every current and peak of a measurement with its prediction."""
    device = document["device"]["type"]
    compared, excess, failed = 0, 0, []
    differences: list[Difference] = []
    for entry in document["cases"]:
        case = Case.from_dict(entry["case"])
        if "error" in entry:
            failed.append(f"{case.name}: {entry['error']}")
            continue
        for counter, held, measured in _pairs(case, entry, document["columns"], device):
            low, high = _allowed(counter, held, device, entry["allocator"])
            compared += 1
            if counter.endswith("peak"):
                excess = max(excess, measured - low)
            if not low <= measured <= high:
                place = (case.name, entry["allocator"], held.iteration, held.phase, counter)
                differences.append(Difference(*place, low, measured))
    return Outcome(compared, tuple(differences), excess, tuple(failed))


def _pairs(
    case: Case, entry: dict[str, Any], columns: Sequence[str], device: str
) -> Iterator[tuple[str, Held, int]]:
    """Every compared number of a case: its column, what is predicted, what was measured."""
    for name, rounded in (("requested", False), ("allocated", True)):
        predicted = predict(case, rounded=rounded, device=device)
        for held, row in zip(predicted, entry["snapshots"], strict=True):
            snapshot = dict(zip(columns, row, strict=True))
            if (held.iteration, held.phase) != (snapshot["iteration"], snapshot["phase"]):
                raise ValueError(f"{case.name}: phases are out of order at {snapshot}")
            for when in ("current", "peak"):
                yield f"{name} {when}", held, snapshot[f"{name} {when}"]


def _allowed(counter: str, held: Held, device: str, allocator: str) -> tuple[int, int]:
    """The least and the most bytes that agree with the prediction."""
    due = held.peak if counter.endswith("peak") else held.current
    if device == "cpu":
        return due, due
    unused = MIB * held.large if allocator == "default" and counter.startswith("alloc") else 0
    if counter.endswith("peak"):
        return due, due + due // 50 + MIB * held.large + WORKSPACE
    return due, due + unused


def main(arguments: Sequence[str]) -> int:
    """Compares the files named, or all that are kept, and prints a summary of each."""
    paths = [Path(name) for name in arguments] or sorted(FOLDER.glob("*.json"))
    status = 0
    for path in paths:
        try:
            outcome = compare(read(path))
        except (OSError, ValueError) as problem:
            print(f"compare: {problem}", file=sys.stderr)
            return 2
        print(
            f"{path.name}: {outcome.compared:,} numbers compared, "
            f"{len(outcome.differences)} differ, {len(outcome.failed)} cases failed; "
            f"the highest peak lay {outcome.excess:,} bytes above its prediction"
        )
        for line in (*outcome.differences[:20], *outcome.failed[:20]):
            print(f"  {line}")
        status = max(status, int(bool(outcome.differences or outcome.failed)))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
