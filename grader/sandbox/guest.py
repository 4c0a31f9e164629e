"""The grader's end of one confined process: ask, wait, and lose patience."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from grader.sandbox import wire
from grader.sandbox.channel import HEADER_BYTES, frame, frame_length
from grader.sandbox.fork_server import Handle
from grader.sandbox.model import Ending, Limits, Loaded, Problem, Program, Reply, SandboxError
from grader.sandbox.page import Page
from grader.sandbox.replies import read_reply, read_report
from grader.sandbox.watch import Watch

_START_S = 30.0  # for a guest to be confined, on however busy a machine
_GRACE_S = 1.0  # for a module to be stopped from within before its process is killed
_REPORT_BYTES = 1 << 20
_ROOM_BYTES = 1 << 16  # of a reply, for all that is not results
_CHUNK = 1 << 16


@dataclass(slots=True)
class History:
    """What loading a program has shown, so that it need not be waited for again.

    Attributes:
        names: of its sources.
        cuts: for a source that was stopped, the line from which on it does not run.
        ended: sources that end the process, each with the problem; they are left out.
    """

    names: frozenset[str]
    cuts: dict[str, int] = field(default_factory=dict)
    ended: dict[str, Problem] = field(default_factory=dict)


class Guest:
    """One confined process with a submission's code.

    Attributes:
        loaded: what was found when the code was loaded.
        is_cut: whether its end of the pipe was closed, by its end as a rule.
        was_killed: whether it was killed by something else than its own code or its limits, such
            as a machine that has run out of memory; known once it is closed.
    """

    def __init__(
        self,
        handle: Handle,
        pipe: socket.socket,
        page: Page,
        limits: Limits,
        deadline: float | None,
        release: Callable[[Guest], None],
    ) -> None:
        """Take over a process that has just been forked; `Sandbox.open` does it.

        Args:
            handle: the process.
            pipe: our end of its pipe.
            page: the page that it shares with us, cleared.
            limits: what it may use.
            deadline: `time.monotonic` at which every answer is late.
            release: kills and buries it.
        """
        self.loaded = Loaded(frozenset())
        self.is_cut = False
        self.was_killed = False
        self.handle = handle
        self._limits = limits
        self._release = release
        self._pipe = pipe
        self._poll = select.poll()
        self._poll.register(pipe, select.POLLIN)
        self._page = page
        self._deadline = deadline
        self._replaced: frozenset[str] = frozenset()
        self._received = bytearray()
        self._requests = 0
        self._is_open = True
        self._ended: Ending | None = None
        pipe.setblocking(False)

    def run(
        self,
        function: str,
        request: bytes,
        n_calls: int,
        *,
        watch: bool = True,
        within_s: float | None = None,
    ) -> Reply:
        """Call a function with every case of a request, one after the other.

        Args:
            function: name of an exercise function.
            request: from `wire.encode_calls`.
            n_calls: how many calls are in it.
            watch: whether to look if the calls change their arguments, which takes time.
            within_s: seconds that it may take, where that is less than a test's limits.

        Returns:
            The outcomes. Where one call takes too long, takes too much memory or ends the
            process, there are none, and the guest answers nothing any more.
        """
        if not self._is_open or self._ended is not None or function not in self.loaded.functions:
            return Reply(ending=self._ended or "crashed")
        self._requests += 1
        limit = self._limits.result_bytes + _ROOM_BYTES + 64 * n_calls
        message = frame(wire.encode_trusted([self._requests, function, request, watch]))
        limits = self._limits
        most = limits.test_wall_s if within_s is None else within_s
        wall, cpu = min(most, limits.test_wall_s), min(most, limits.test_cpu_s)
        patience = Watch(self.handle, wall, cpu, self._deadline, None)
        data = self._ask(message, limit, patience)
        output = self._page.output()
        if not isinstance(data, bytes):
            return self._lost(data, output)
        try:
            number, out_of_memory, names, outcomes = read_reply(data)
        except wire.WireError:
            return self._lost("crashed", output)
        called = names & self._replaced
        if number == self._requests and out_of_memory is True:
            return self._lost("memory", output, called)
        if number != self._requests or len(outcomes) != n_calls:
            return self._lost("crashed", output)
        return Reply(outcomes=outcomes, output=output, called=called)

    def _lost(self, ending: Ending, output: str, called: frozenset[str] = frozenset()) -> Reply:
        self._ended = ending
        return Reply(ending=ending, in_flight=self._page.call(), output=output, called=called)

    def load(
        self,
        program: Program,
        replaced: dict[str, str],
        functions: dict[str, str],
        history: History,
    ) -> Problem | None:
        """Send the sources and wait until they are loaded; tell which one ended the process."""
        self._replaced = frozenset(replaced)
        job = {
            "kind": program.kind,
            "sources": [list(source) for source in program.sources],
            "functions": functions,
            "replaced": replaced,
            "cuts": history.cuts | dict.fromkeys(history.ended, 0),
            "load_s": self._limits.load_s,
            "load_all_s": self._limits.load_all_s,
            "result_bytes": self._limits.result_bytes,
        }
        message = frame(wire.encode_trusted(job))
        start = Watch(self.handle, _START_S, _START_S, None, None)
        if self._ask(message, HEADER_BYTES, start) != b"":
            raise SandboxError("a guest could not be confined")
        wall = 2 * self._limits.load_all_s + self._limits.load_s
        watch = Watch(self.handle, wall, wall, self._deadline, self._stuck())
        data = self._ask(b"", _REPORT_BYTES, watch)
        try:
            if not isinstance(data, bytes):
                raise wire.WireError("no report")
            loaded, stopped = read_report(data, functions)
        except wire.WireError:
            return self._load_problem(program, data)
        history.cuts.update({name: n for name, n in stopped.items() if name in history.names})
        problems = (*history.ended.values(), *loaded.problems)
        self.loaded = Loaded(loaded.functions, problems, loaded.reaches, self._page.output())
        return None

    def load_nothing(self, problem: Problem, functions: Mapping[str, str]) -> None:
        """Answer every call with the reason why nothing could be loaded."""
        self._ended = "timeout" if problem.kind == "timeout" else "crashed"
        self.loaded = Loaded(frozenset(functions), (problem,), output=self._page.output())

    def _stuck(self) -> Callable[[], bool]:
        """A question to ask now and then: does one source resist being stopped?"""
        since: list[Any] = [None, time.monotonic()]

        def stuck() -> bool:
            source, now = self._page.source(), time.monotonic()
            if source != since[0]:
                since[:] = [source, now]
            return source is not None and now - since[1] > self._limits.load_s + _GRACE_S

        return stuck

    def _load_problem(self, program: Program, data: bytes | Ending) -> Problem:
        index = self._page.source()
        known = index is not None and index < len(program.sources)
        where = program.sources[index or 0][0] if program.sources and known else ""
        if data == "timeout":
            return Problem(where, "timeout", f"took longer than {self._limits.load_s:g} s to load")
        return Problem(where, "crashed", "the process ended while this was loaded")

    def _ask(self, message: bytes, limit: int, watch: Watch) -> bytes | Ending:
        """Send a message and wait for its answer.

        Returns:
            The answer; or why there is none: ``timeout`` or ``crashed``.
        """
        try:
            if not self._send(message, watch):
                return "timeout"
            return self._receive(limit, watch)
        except OSError:
            self.is_cut = True
            return "crashed"

    def _send(self, message: bytes, watch: Watch) -> bool:
        view = memoryview(message)
        while view:
            try:
                view = view[self._pipe.send(view) :]
            except BlockingIOError:
                self._poll.modify(self._pipe, select.POLLOUT)
                ready = self._wait(watch)
                self._poll.modify(self._pipe, select.POLLIN)
                if not ready:
                    return False
        return True

    def _receive(self, limit: int, watch: Watch) -> bytes | Ending:
        data = self._received
        while len(data) < (wanted := _frame_bytes(data)):
            if wanted > limit:
                return "crashed"
            if not self._wait(watch):
                return "timeout"
            with contextlib.suppress(BlockingIOError):
                more = self._pipe.recv(_CHUNK)
                if not more:
                    self.is_cut = True
                    return "crashed"
                data += more
        answer = bytes(data[HEADER_BYTES:wanted])
        del data[:wanted]
        return answer

    def _wait(self, watch: Watch) -> bool:
        """Wait until the pipe is ready; False once time is up."""
        while (left := watch.next_look()) > 0:
            if self._poll.poll(left * 1000):
                return True
        return False

    def close(self) -> None:
        """Kill the process and bury it.

        Raises:
            SandboxError: the fork server has died.
        """
        if self._is_open:
            self._is_open = False
            self._pipe.close()
            self._release(self)

    def __enter__(self) -> Guest:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _frame_bytes(data: bytearray) -> int:
    """How many bytes the frame takes of which this is the beginning, as far as it tells."""
    if len(data) < HEADER_BYTES:
        return HEADER_BYTES
    return HEADER_BYTES + frame_length(bytes(data[:HEADER_BYTES]))
