"""How long a guest may take: wall-clock and CPU time, seen from outside."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from grader.sandbox.fork_server import Handle

_CORES = os.cpu_count() or 1


class Watch:
    """The time of one question to a guest.

    The CPU time is read from the clock of the guest's process, which it cannot turn back.
    """

    def __init__(
        self,
        handle: Handle,
        wall_s: float,
        cpu_s: float,
        deadline: float | None,
        stuck: Callable[[], bool] | None,
    ) -> None:
        """Start it.

        Args:
            handle: the guest's process.
            wall_s: seconds it may take by the clock on the wall.
            cpu_s: seconds of CPU time that it may take.
            deadline: `time.monotonic` at which it ends anyway.
            stuck: asked now and then; time is up once it says so.
        """
        self._until = time.monotonic() + wall_s
        if deadline is not None:
            self._until = min(self._until, deadline)
        # The clock of another process: see clock_getcpuclockid(3).
        self._clock = None if handle.pid is None else (~handle.pid << 3) | 2
        self._cpu_until = self._cpu() + cpu_s
        self._stuck = stuck
        self._looks = 0

    def _cpu(self) -> float:
        if self._clock is None:
            return 0.0
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # it has ended: the pipe will say so
            return 0.0

    def next_look(self) -> float:
        """Seconds after which to look again; 0 or less once time is up."""
        left = self._until - time.monotonic()
        self._looks += 1
        if self._looks == 1 or left <= 0:
            return min(left, 0.1)
        if self._stuck is not None:
            return 0.0 if self._stuck() else min(left, 0.1)
        # It cannot use up more than all cores, so there is no need to look before.
        cpu_left = self._cpu_until - self._cpu()
        return min(left, max(cpu_left / _CORES, 0.01)) if cpu_left > 0 else 0.0
