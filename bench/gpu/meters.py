"""Two ways of reading how many bytes a phase holds: the CUDA allocator and PyTorch's tracker.

Both give the same records, so that one comparison serves both:

    {"iteration": 1, "phase": "forward",
     "requested": {"current": …, "peak": …}, "allocated": {"current": …, "peak": …}}

`requested` is what tensors asked for, `allocated` what the allocator set aside for them in whole
blocks. On CUDA both are the allocator's own counters, and `reserved` and `active` come with them.
On the CPU both are counts of `torch.distributed._tools.mem_tracker.MemTracker`, which sees each
operation's results and their ends; `allocated` is a second count in blocks of 512 bytes, as the
tracker itself counts CUDA tensors.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from bench.gpu.case import Case
from bench.gpu.training import phases

Record = dict[str, Any]
COUNTERS = ("requested_bytes", "allocated_bytes", "reserved_bytes", "active_bytes")


def measure_cuda(case: Case, *, trace: bool = False) -> Record:
    """Runs a case on the GPU and reads the allocator after every phase.

    Run it in a process of its own: workspaces, once taken, stay.

    Args:
        case: The training set-up.
        trace: Also list the blocks that are alive after each phase, to find a difference.

    Returns:
        `workspace` (what libraries hold before the case begins, taken out of the rest) and
        `snapshots` (a record a phase, with `blocks` where they were asked for).
    """
    warm_up()
    base = _settled()
    snapshots = []
    with no_surprises():
        for iteration, phase, work in phases(case, "cuda"):
            torch.cuda.reset_peak_memory_stats()
            work()
            snapshots.append(_snapshot(iteration, phase, base))
            if trace:
                snapshots[-1]["blocks"] = _live_blocks()
        del work
    return {"workspace": _workspace(base), "snapshots": snapshots}


def warm_up() -> None:
    """Makes libraries take what they keep: runs a small step in 32 bits, 16 bits and autocast."""
    for precision in ("fp32", "bf16", "autocast", "master"):
        for implementation in ("foreach", "for-loop", "fused"):
            small = Case((64, 64, 64), 32, "adam", implementation, precision)
            for _iteration, _phase, work in phases(small, "cuda"):
                work()
            del work
    gc.collect()
    torch.cuda.synchronize()
    torch.cuda.empty_cache()


def _settled() -> dict[str, int]:
    gc.collect()
    torch.cuda.synchronize()
    stats = torch.cuda.memory_stats()
    return {counter: stats.get(f"{counter}.all.current", 0) for counter in COUNTERS}


def _snapshot(iteration: int, phase: str, base: dict[str, int]) -> Record:
    torch.cuda.synchronize()
    stats = torch.cuda.memory_stats()
    record: Record = {"iteration": iteration, "phase": phase}
    for counter in COUNTERS:
        record[counter.removesuffix("_bytes")] = {
            when: stats[f"{counter}.all.{when}"] - base[counter] for when in ("current", "peak")
        }
    return record


def _live_blocks() -> list[int]:
    """Bytes asked for by each block that is in use, largest first."""
    segments: list[Record] = torch.cuda.memory_snapshot()  # type: ignore[no-untyped-call]
    blocks = (block for segment in segments for block in segment["blocks"])
    in_use = (block["requested_size"] for block in blocks if block["state"] == "active_allocated")
    return sorted(in_use, reverse=True)


def _workspace(base: dict[str, int]) -> Record:
    """What was held before the case, and how much of it cuBLAS gives back when asked to."""
    gc.collect()
    before = torch.cuda.memory_stats()["requested_bytes.all.current"]
    torch._C._cuda_clearCublasWorkspaces()
    torch.cuda.synchronize()
    after = torch.cuda.memory_stats()["requested_bytes.all.current"]
    return {
        "requested": base["requested_bytes"],
        "allocated": base["allocated_bytes"],
        "cublas": before - after,
    }


def capacity() -> Record:
    """How much memory the GPU has, as the driver and as PyTorch say, and what a context takes."""
    properties = torch.cuda.get_device_properties(0)
    free, total = torch.cuda.mem_get_info()
    return {"total": properties.total_memory, "driver_total": total, "free_in_context": free}


def measure_cpu(case: Case) -> Record:
    """Runs a case on the CPU under PyTorch's own tracker.

    Returns:
        As `measure_cuda`; `workspace` is None, for the tracker sees tensors only.
    """
    asked, blocks = _tracked(case, rounded=False), _tracked(case, rounded=True)
    snapshots = [
        {"iteration": a[0], "phase": a[1], "requested": a[2], "allocated": b[2]}
        for a, b in zip(asked, blocks, strict=True)
    ]
    return {"workspace": None, "snapshots": snapshots}


def _tracked(case: Case, *, rounded: bool) -> list[tuple[int, str, dict[str, int]]]:
    from torch.distributed._tools.mem_tracker import MemTracker

    tracker = MemTracker()
    readings = []
    with _blocks_of_512() if rounded else _as_asked(), no_surprises():
        for iteration, phase, work in phases(case, "cpu"):
            if phase == "forward":
                tracker.reset_mod_stats()  # it refuses a second iteration otherwise
            with tracker:  # entering anew starts a new peak
                work()
            reading = {when: _total(tracker, when) for when in ("current", "peak")}
            readings.append((iteration, phase, reading))
        del work
    return readings


def _total(tracker: Any, when: str) -> int:
    snapshot = tracker.get_tracker_snapshot(when)
    return int(snapshot[torch.device("cpu")]["Total"])


@contextmanager
def _as_asked() -> Iterator[None]:
    yield


@contextmanager
def _blocks_of_512() -> Iterator[None]:
    """Lets the tracker count a CPU tensor in blocks of 512 bytes, as it counts a CUDA tensor."""
    from torch.distributed._tools import mem_tracker

    plain = mem_tracker._WeakRefInfo

    class InBlocks(plain):  # type: ignore[misc, valid-type]
        def _calculate_mem_consumed(self) -> int:
            asked: int = self.size * self.element_size
            return -(-asked // 512) * 512

    mem_tracker._WeakRefInfo = InBlocks  # type: ignore[misc]
    try:
        yield
    finally:
        mem_tracker._WeakRefInfo = plain  # type: ignore[misc]


@contextmanager
def no_surprises() -> Iterator[None]:
    """Switches the cyclic garbage collector off, so that ends of tensors do not depend on it."""
    gc.collect()
    was_on = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            # The tracker's hooks outlive a phase's modules; it says so and goes on.
            warnings.filterwarnings("ignore", message="Module is None", category=UserWarning)
            yield
    finally:
        if was_on:
            gc.enable()
