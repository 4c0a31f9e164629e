"""Measures what a training step holds in memory, and writes it as JSON.

    python bench/gpu/measure.py --out h100.json                # on a machine with a CUDA GPU
    python bench/gpu/measure.py --device cpu --out cpu.json    # PyTorch's tracker instead

Every case runs in a fresh process, with the default allocator and with expandable segments. How
a case is run, warmed up and read is in `training.py` and `meters.py`; what is due is in
`model.py`; `compare.py` holds a file against it. Exit status: 0, 1 where a case failed (the file
says which and why), 2 where nothing could be measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from bench.gpu.case import ALLOCATORS, Case, matrix  # noqa: E402 (the file is also a script)

SCHEMA_VERSION = 1
CASE_SECONDS = 600
CPU_MOST_PARAMETERS = 50_000_000
ALLOCATOR_VARIABLES = ("PYTORCH_ALLOC_CONF", "PYTORCH_CUDA_ALLOC_CONF")
COLUMNS = ("requested", "allocated", "reserved", "active")
WHEN = ("current", "peak")


def parser() -> argparse.ArgumentParser:
    """Declares the command line."""
    command = argparse.ArgumentParser(
        prog="measure.py",
        description="Measure what a training step holds in memory, and write it as JSON.",
        epilog="example: python bench/gpu/measure.py --only '784-512' --out small.json",
    )
    command.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    command.add_argument("--out", type=Path, help="file to write; stdout where none is named")
    command.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="WORDS",
        help="measure cases that have all these words in their name; may be given several times",
    )
    command.add_argument("--allocator", choices=(*ALLOCATORS, "both"), default="both")
    command.add_argument("--jobs", type=int, default=1, help="cases at a time (default: 1)")
    command.add_argument(
        "--trace", action="store_true", help="list the live blocks of each phase too (CUDA)"
    )
    command.add_argument("--list", action="store_true", help="name the cases and stop")
    command.add_argument("--case", help=argparse.SUPPRESS)  # a child's case, as JSON
    return command


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit status."""
    options = parser().parse_args(arguments)
    if options.case is not None:
        print(json.dumps(measured(json.loads(options.case), options.device, trace=options.trace)))
        return 0
    cases = chosen(options.only, options.device)
    if options.list:
        print("\n".join(case.name for case in cases))
        return 0
    problem = _cannot(options, cases)
    if problem:
        print(f"measure.py: {problem}", file=sys.stderr)
        return 2
    return write(document(cases, options), options.out)


def chosen(only: Sequence[str], device: str) -> tuple[Case, ...]:
    """The cases whose names hold all words of one of `only`, and that the device can run."""
    return tuple(
        case
        for case in matrix()
        if (device == "cuda" or _parameters(case) <= CPU_MOST_PARAMETERS)
        and (not only or any(_has(case, words.split()) for words in only))
    )


def _has(case: Case, words: Sequence[str]) -> bool:
    return all(word in case.name for word in words)


def _parameters(case: Case) -> int:
    return sum(m * n + n for m, n in case.layers)


def _cannot(options: argparse.Namespace, cases: Sequence[Case]) -> str | None:
    """Why nothing can be measured here, with what to do; None where it can."""
    try:
        import torch
    except ImportError:
        return "PyTorch is not installed: install the extra, pip install 'nn-visually[torch]'"
    if not cases:
        return f"no case is called {options.only}: --list names them"
    if options.jobs < 1:
        return f"--jobs: must be at least 1, found {options.jobs}"
    if options.device == "cuda" and not torch.cuda.is_available():
        return (
            f"no CUDA GPU is found by PyTorch {torch.__version__}: run this where there is one, "
            "or use --device cpu for PyTorch's own tracker"
        )
    return None


def document(cases: Sequence[Case], options: argparse.Namespace) -> dict[str, Any]:
    """Measures all cases and puts the file together."""
    runs = [(case, allocator) for case in cases for allocator in _allocators(options)]
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda run: in_a_process(run[0], run[1], options), runs))
    return {
        "schema_version": SCHEMA_VERSION,
        "measured": datetime.now(UTC).strftime("%Y-%m-%d"),
        "device": _device(options.device),
        "versions": _versions(),
        "columns": ["iteration", "phase", *_column_names(options.device)],
        "cases": results,
    }


def _allocators(options: argparse.Namespace) -> tuple[str, ...]:
    if options.device == "cpu":
        return ("tracker",)
    return ALLOCATORS if options.allocator == "both" else (options.allocator,)


def _column_names(device: str) -> Iterator[str]:
    for counter in COLUMNS if device == "cuda" else COLUMNS[:2]:
        yield from (f"{counter} {when}" for when in WHEN)


def in_a_process(case: Case, allocator: str, options: argparse.Namespace) -> dict[str, Any]:
    """Measures a case in a fresh process; `error` stands in place of numbers where it failed."""
    head = {"case": case.to_dict(), "allocator": allocator}
    try:
        child = subprocess.run(
            _child_command(case, options),
            env=_environment(allocator),
            capture_output=True,
            text=True,
            timeout=CASE_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        error = f"not done after {CASE_SECONDS} seconds"
    except subprocess.CalledProcessError as ended:
        error = (ended.stderr.strip().splitlines() or [f"exit status {ended.returncode}"])[-1]
    else:
        print(f"{case.name}, {allocator}: ok", file=sys.stderr)
        numbers: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
        return head | numbers
    print(f"{case.name}, {allocator}: failed: {error}", file=sys.stderr)
    return head | {"error": error}


def _child_command(case: Case, options: argparse.Namespace) -> list[str]:
    command = [sys.executable, __file__, "--device", options.device]
    command += ["--case", json.dumps(case.to_dict())]
    return command + (["--trace"] if options.trace else [])


def _environment(allocator: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ALLOCATOR_VARIABLES}
    if allocator == "expandable_segments":
        # The name that every version since 2.0 reads; newer ones only prefer another.
        kept["PYTORCH_CUDA_ALLOC_CONF"] = "expandable_segments:True"
    return kept


def measured(fields: dict[str, Any], device: str, *, trace: bool = False) -> dict[str, Any]:
    """Measures a case in this process. Snapshots become rows in the order of the columns."""
    from bench.gpu import meters

    case = Case.from_dict(fields)
    on_cuda = device == "cuda"
    record = meters.measure_cuda(case, trace=trace) if on_cuda else meters.measure_cpu(case)
    result = {
        "workspace": record["workspace"],
        "snapshots": [_as_row(snapshot) for snapshot in record["snapshots"]],
    }
    if on_cuda and trace:
        result["blocks"] = [snapshot["blocks"] for snapshot in record["snapshots"]]
    return result


def _as_row(snapshot: dict[str, Any]) -> list[Any]:
    numbers = (snapshot[name][when] for name in COLUMNS if name in snapshot for when in WHEN)
    return [snapshot["iteration"], snapshot["phase"], *numbers]


def _device(kind: str) -> dict[str, Any]:
    if kind == "cpu":
        return {"type": "cpu", "name": "PyTorch's MemTracker on the CPU"}
    import torch

    from bench.gpu import meters

    memory = meters.capacity()  # makes a context, so that nvidia-smi sees one
    properties = torch.cuda.get_device_properties(0)
    return {
        "type": "cuda",
        "name": properties.name,
        "capability": f"{properties.major}.{properties.minor}",
        "driver": _nvidia_smi("driver_version"),
        "nvidia_smi_total": _nvidia_smi("memory.total"),
        "nvidia_smi_used_with_one_context": _nvidia_smi("memory.used"),
        "memory": memory,
    }


def _nvidia_smi(query: str) -> str | None:
    command = ["nvidia-smi", f"--query-gpu={query}", "--format=csv,noheader", "--id=0"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()


def _versions() -> dict[str, str | None]:
    import torch

    return {
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "python": platform.python_version(),
    }


def write(result: dict[str, Any], out: Path | None) -> int:
    """Writes the file, a case a line, and returns the exit status."""
    cases = ",\n  ".join(json.dumps(case, separators=(",", ":")) for case in result["cases"])
    head = json.dumps(result | {"cases": []}, indent=1)
    text = head.replace('"cases": []', f'"cases": [\n  {cases}\n ]') + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")
    return int(any("error" in case for case in result["cases"]))


if __name__ == "__main__":
    sys.exit(main())
