"""Runs a command and measures its whole process tree: wall-clock and CPU seconds, peak memory."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took.

    Attributes:
        wall_s: seconds on the clock.
        cpu_s: user and system seconds of all its processes; does not grow when others work too.
        peak_rss_mb: largest sum of the resident memory of all its processes, in 10^6 bytes;
            what processes share counts once for each.
        peak_pss_mb: the same with what is shared divided among those that share it.
    """

    wall_s: float
    cpu_s: float
    peak_rss_mb: float
    peak_pss_mb: float


class CommandError(Exception):
    """The command failed; with the end of what it printed."""


def measure(
    command: Sequence[str | os.PathLike[str]],
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Measured:
    """Run a command to its end.

    Raises:
        CommandError: it ended with another status than 0.
    """
    with tempfile.TemporaryFile() as log:
        start = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=cwd,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        peak_rss, peak_pss = 0, 0
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            rss, pss = memory(process.pid)
            peak_rss, peak_pss = max(peak_rss, rss), max(peak_pss, pss)
            time.sleep(SAMPLE_SECONDS)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            log.seek(0)
            text = log.read().decode(errors="replace")[-3000:]
            raise CommandError(f"{command}: ended with status {process.returncode}:\n{text}")
    return Measured(
        round(wall, 3), round(usage.ru_utime + usage.ru_stime, 3), peak_rss / 1e6, peak_pss / 1e6
    )


def tree(pid: int) -> list[int]:
    """A process and all that descend from it and still run."""
    found, wanted = [], [pid]
    while wanted:
        one = wanted.pop()
        found.append(one)
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                with contextlib.suppress(OSError):
                    wanted += map(int, (task / "children").read_text().split())
    return found


def memory(pid: int) -> tuple[int, int]:
    """Resident and proportional memory of a process tree, in bytes."""
    rss = pss = 0
    for one in tree(pid):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                name, _, value = line.partition(":")
                if name == "Rss":
                    rss += 1024 * int(value.split()[0])
                elif name == "Pss":
                    pss += 1024 * int(value.split()[0])
    return rss, pss


def cpu_seconds(pid: int) -> float:
    """User and system seconds of a process tree so far, with what has ended and been waited for."""
    ticks = 0
    for one in tree(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")
