"""The grader's side: a sandbox that opens guests, and a guest that answers calls or is killed."""

from __future__ import annotations

import contextlib
import functools
import mmap
import os
import re
import select
import socket
import time
from collections.abc import Callable, Collection, Mapping
from types import TracebackType
from typing import Any

from grader.sandbox import wire
from grader.sandbox.channel import HEADER_BYTES, frame, frame_length
from grader.sandbox.fork_server import ForkServer, Handle
from grader.sandbox.model import (
    Ending,
    Isolation,
    Limits,
    Loaded,
    Outcome,
    Problem,
    Program,
    Raised,
    Reply,
    Returned,
    SandboxError,
)
from grader.sandbox.page import Page, make_memory

_GRACE_S = 1.0  # for a module to be stopped from within before its process is killed
_REPORT_BYTES = 1 << 20
_ROOM_BYTES = 1 << 16  # of a reply, for all that is not results
_CHUNK = 1 << 16
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_CORES = os.cpu_count() or 1
_REMEMBERED = 16


class Sandbox:
    """Opens guests: confined processes, each with one submission's code. For one thread.

    Attributes:
        isolation: how well student code is confined on this machine.
        limits: what a guest may use.
    """

    def __init__(
        self,
        functions: Mapping[str, str] | None = None,
        *,
        limits: Limits | None = None,
        without: Collection[str] = (),
    ) -> None:
        """Start the fork server.

        Args:
            functions: the exercise functions, each with the module it belongs in; those of the
                manifest if None.
            limits: what a guest may use.
            without: parts of the confinement that are left out, for tests: ``landlock``,
                ``seccomp``, ``namespaces``.

        Raises:
            SandboxError: it does not start.
        """
        self.limits = limits or Limits()
        self._functions = dict(_functions_of_manifest() if functions is None else functions)
        self._without = frozenset(without)
        self._guests: set[Guest] = set()
        self._pages: list[tuple[int, mmap.mmap]] = []
        self._cuts: dict[Program, dict[str, int]] = {}
        self._servers: dict[tuple[str, ...], ForkServer] = {}
        self.isolation: Isolation = self._server(()).isolation

    def open(
        self,
        program: Program,
        replaced: Mapping[str, str] | None = None,
        *,
        deadline: float | None = None,
    ) -> Guest:
        """Load a submission in a fresh process.

        A module that cannot be stopped or that takes the process down is left out in another try,
        and is among the problems then.

        Args:
            program: the sources.
            replaced: exercise functions to be replaced, each with its reference's source.
            deadline: `time.monotonic` at which loading and calls end.

        Raises:
            SandboxError: the sandbox itself is at fault.
        """
        cuts = self._remembered(program)
        ended: list[Problem] = []
        until = time.monotonic() + self.limits.load_all_s
        until = until if deadline is None else min(until, deadline)
        for _ in range(len(program.sources) + 1):
            guest = self._fork(program, deadline)
            problem = guest._load(
                program, dict(replaced or {}), self._functions, cuts, ended, until
            )
            if problem is None:
                return guest
            guest.close()
            ended.append(problem)
            late = time.monotonic() > until
            for name, _ in program.sources:
                if name == problem.where or late:
                    cuts[name] = 0
        return self._empty_guest(program, deadline, ended)

    def _remembered(self, program: Program) -> dict[str, int]:
        """Where the program's sources were stopped the last time."""
        if program not in self._cuts:
            if len(self._cuts) >= _REMEMBERED:
                self._cuts.pop(next(iter(self._cuts)))
            self._cuts[program] = {}
        return self._cuts[program]

    def _server(self, preloaded: tuple[str, ...]) -> ForkServer:
        """The server that has these modules loaded, started when it is first needed."""
        if preloaded not in self._servers:
            self._servers[preloaded] = ForkServer(self.limits, self._without, preloaded)
        return self._servers[preloaded]

    def _fork(self, program: Program, deadline: float | None) -> Guest:
        server = self._server(_worth_preloading(program))
        memory = self._pages.pop() if self._pages else make_memory(self.limits.output_bytes)
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                handle = server.open(theirs.fileno(), memory[0])
        except SandboxError:
            ours.close()
            self._pages.append(memory)
            self._give_up(server)
            raise
        guest = Guest(self, server, handle, ours, memory, deadline)
        self._guests.add(guest)
        return guest

    def _empty_guest(
        self, program: Program, deadline: float | None, problems: list[Problem]
    ) -> Guest:
        guest = self._fork(program, deadline)
        guest.loaded = Loaded(frozenset(), tuple(problems))
        return guest

    def _release(self, guest: Guest) -> None:
        self._guests.discard(guest)
        self._pages.append(guest._memory)
        if guest._server not in self._servers.values():
            return  # it has died, and its guests with it
        try:
            guest._server.kill(guest._handle)
        except SandboxError:
            self._give_up(guest._server)
            raise

    def _give_up(self, server: ForkServer) -> None:
        """Forget a server that has died; the next guest gets a new one."""
        self._servers = {key: s for key, s in self._servers.items() if s is not server}
        server.close()

    def close(self) -> None:
        """End every guest and the fork server."""
        with contextlib.suppress(SandboxError):
            for guest in tuple(self._guests):
                guest.close()
        for descriptor, memory in self._pages:
            memory.close()
            os.close(descriptor)
        self._pages.clear()
        for server in tuple(self._servers.values()):
            self._give_up(server)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Guest:
    """One confined process with a submission's code.

    Attributes:
        loaded: what was found when the code was loaded.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        server: ForkServer,
        handle: Handle,
        pipe: socket.socket,
        memory: tuple[int, mmap.mmap],
        deadline: float | None,
    ) -> None:
        self.loaded = Loaded(frozenset())
        self._sandbox = sandbox
        self._limits = sandbox.limits
        self._server = server
        self._handle = handle
        self._pipe = pipe
        self._poll = select.poll()
        self._poll.register(pipe, select.POLLIN)
        self._memory = memory
        self._page = Page(memory[1])
        self._page.clear()
        self._deadline = deadline
        self._received = bytearray()
        self._requests = 0
        self._is_open = True
        self._ended: Ending | None = None
        pipe.setblocking(False)

    def run(self, function: str, request: bytes, n_calls: int) -> Reply:
        """Call a function with every case of a request, one after the other.

        Args:
            function: name of an exercise function.
            request: from `wire.encode_calls`.
            n_calls: how many calls are in it.

        Returns:
            The outcomes. Where one call takes too long, takes too much memory or ends the
            process, there are none, and the guest answers nothing any more.
        """
        if not self._is_open or self._ended is not None or function not in self.loaded.functions:
            return Reply(ending=self._ended or "crashed")
        self._requests += 1
        limit = self._limits.result_bytes + _ROOM_BYTES + 64 * n_calls
        message = frame(wire.encode([self._requests, function, request]))
        data = self._ask(message, limit, self._limits.test_wall_s, self._limits.test_cpu_s)
        output = self._page.output()
        if not isinstance(data, bytes):
            return self._lost(data, output)
        try:
            number, out_of_memory, called, outcomes = _read_reply(data)
        except wire.WireError:
            return self._lost("crashed", output)
        if number == self._requests and out_of_memory is True:
            return self._lost("memory", output, called)
        if number != self._requests or len(outcomes) != n_calls:
            return self._lost("crashed", output)
        return Reply(outcomes=outcomes, output=output, called=called)

    def _lost(self, ending: Ending, output: str, called: frozenset[str] = frozenset()) -> Reply:
        self._ended = ending
        return Reply(ending=ending, in_flight=self._page.call(), output=output, called=called)

    def _load(
        self,
        program: Program,
        replaced: dict[str, str],
        functions: dict[str, str],
        cuts: dict[str, int],
        ended: list[Problem],
        until: float,
    ) -> Problem | None:
        """Send the sources and wait until they are loaded; tell which one ended the process."""
        job = {
            "kind": program.kind,
            "sources": [list(source) for source in program.sources],
            "functions": functions,
            "replaced": replaced,
            "cuts": cuts,
            "load_s": self._limits.load_s,
            "result_bytes": self._limits.result_bytes,
        }
        wall = max(until - time.monotonic(), 0.05)
        cpu = self._limits.load_all_s
        if self._ask(frame(wire.encode_trusted(job)), HEADER_BYTES, wall, cpu) != b"":
            raise SandboxError("a guest could not be confined")
        data = self._ask(b"", _REPORT_BYTES, wall, cpu, self._stuck())
        try:
            if not isinstance(data, bytes):
                raise wire.WireError("no report")
            loaded, stopped = _read_report(data, program, functions, cuts)
        except wire.WireError:
            return self._load_problem(program, data)
        cuts.update(stopped)
        problems = tuple(p for p in loaded.problems if p.where not in {e.where for e in ended})
        self.loaded = Loaded(
            loaded.functions, (*ended, *problems), loaded.reaches, self._page.output()
        )
        return None

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

    def _ask(
        self,
        message: bytes,
        limit: int,
        wall_s: float,
        cpu_s: float,
        stuck: Callable[[], bool] | None = None,
    ) -> bytes | Ending:
        """Send a message and wait for its answer.

        Returns:
            The answer; or why there is none: ``timeout`` or ``crashed``.
        """
        watch = _Watch(self._handle, wall_s, cpu_s, self._deadline, stuck)
        try:
            if not self._send(message, watch):
                return "timeout"
            return self._receive(limit, watch)
        except OSError:
            return "crashed"

    def _send(self, message: bytes, watch: _Watch) -> bool:
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

    def _receive(self, limit: int, watch: _Watch) -> bytes | Ending:
        data = self._received
        while len(data) < (wanted := _frame_bytes(data)):
            if wanted > limit:
                return "crashed"
            if not self._wait(watch):
                return "timeout"
            with contextlib.suppress(BlockingIOError):
                more = self._pipe.recv(_CHUNK)
                if not more:
                    return "crashed"
                data += more
        answer = bytes(data[HEADER_BYTES:wanted])
        del data[:wanted]
        return answer

    def _wait(self, watch: _Watch) -> bool:
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
            self._sandbox._release(self)

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


class _Watch:
    """Wall-clock and CPU time of one question, seen from outside."""

    def __init__(
        self,
        handle: Handle,
        wall_s: float,
        cpu_s: float,
        deadline: float | None,
        stuck: Callable[[], bool] | None,
    ) -> None:
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


def _worth_preloading(program: Program) -> tuple[str, ...]:
    """What few submissions use, and what takes a guest long to load by itself."""
    uses_random = any(b"random" in source for _, source in program.sources)
    return ("numpy.random",) if uses_random else ()


@functools.cache
def _functions_of_manifest() -> Mapping[str, str]:
    from nnv.manifest import manifest

    return {function.name: function.module for function in manifest().functions}


def _without_addresses(text: str) -> str:
    """Take memory addresses out, which differ from run to run."""
    return _ADDRESS.sub("0x…", text)


def _is(kind: type | tuple[type, ...], *values: object) -> None:
    if not all(isinstance(value, kind) for value in values):
        raise wire.WireError("a field of another type")


def _read_reply(
    data: bytes,
) -> tuple[int, bool, frozenset[str], tuple[Outcome, ...]]:
    reply = wire.decode(data)
    _is(list, reply)
    if not reply or type(reply[0]) is not list or len(reply[0]) != 3:
        raise wire.WireError("no head")
    number, out_of_memory, called = reply[0]
    _is(int, number)
    _is(list, called)
    _is(str, *called)
    return number, out_of_memory, frozenset(called), tuple(map(_read_outcome, reply[1:]))


def _read_outcome(fields: Any) -> Outcome:
    if type(fields) is not list or len(fields) not in {3, 7}:
        raise wire.WireError("no outcome")
    _is(bool, fields[1])
    if len(fields) == 3:
        return Returned(fields[2], fields[1])
    _, changed, kind, message, value_error, where, line = fields
    _is(str, kind, message)
    _is(bool, value_error)
    _is((str, type(None)), where)
    _is((int, type(None)), line)
    message = _without_addresses(message[:300])
    return Raised(kind[:100], message, value_error, where, line, changed)


def _read_report(
    data: bytes, program: Program, functions: Mapping[str, str], cuts: Mapping[str, int]
) -> tuple[Loaded, dict[str, int]]:
    report = wire.decode(data)
    if type(report) is not list or len(report) != 4:
        raise wire.WireError("no report")
    found, problems, reaches, stopped = report
    _is(list, found, problems)
    _is(str, *found)
    _is(dict, reaches, stopped)
    names = {name for name, _ in program.sources}
    _is(int, *stopped.values())
    loaded = Loaded(
        frozenset(found) & functions.keys(),
        tuple(map(_read_problem, problems)),
        {name: frozenset(_texts(to)) & functions.keys() for name, to in reaches.items()},
    )
    return loaded, {name: line for name, line in stopped.items() if name in names}


def _texts(value: Any) -> list[str]:
    _is(list, value)
    _is(str, *value)
    texts: list[str] = value
    return texts


def _read_problem(fields: Any) -> Problem:
    if type(fields) is not list or len(fields) != 4:
        raise wire.WireError("no problem")
    where, kind, message, line = fields
    _is(str, where, kind, message)
    _is((int, type(None)), line)
    return Problem(where, kind[:100], _without_addresses(message[:300]), line)
