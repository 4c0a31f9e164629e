"""The grader's end of one confined process: ask, wait, and lose patience."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
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
_AHEAD_BYTES = 1 << 16  # what a pipe takes without anybody reading


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


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of one function.

    Attributes:
        function: name of an exercise function.
        request: from `wire.encode_calls`.
        count: how many calls are in it.
    """

    function: str
    request: bytes
    count: int


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
        self._program = Program("modules", ())
        self._functions: Mapping[str, str] = {}
        self._replaced: frozenset[str] = frozenset()
        self._ahead: deque[Calls] = deque()
        self._received = bytearray()
        self._requests = 0
        self._is_open = True
        self._ended: Ending | None = None
        pipe.setblocking(False)

    def run(self, asked: Calls, *, within_s: float | None = None) -> Reply:
        """Call a function with every case of a request, one after the other.

        Args:
            asked: the function and the cases.
            within_s: seconds that it may take, where that is less than a test's limits.

        Returns:
            The outcomes. Where one call takes too long, takes too much memory or ends the
            process, there are none, and the guest answers nothing any more.

        Raises:
            SandboxError: there are replies still to be read by `next_reply`.
        """
        if self._ahead:
            raise SandboxError("calls were sent ahead whose replies have not been read")
        if self._is_useless or asked.function not in self.loaded.functions:
            return Reply(ending=self._ended or "crashed")
        self._requests += 1
        message = _request(self._requests, asked, begins=True)
        return self._reply(message, asked, within_s)

    def next_reply(self, *, within_s: float | None = None) -> Reply:
        """What came of the next of the calls that were sent ahead, see `load`.

        Its `output` is all that has been printed since the sources were loaded. A function that is
        not there has no outcomes.
        """
        asked = self._ahead.popleft()
        if self._is_useless:
            return Reply(ending=self._ended or "crashed")
        self._requests += 1
        return self._reply(b"", asked, within_s)

    @property
    def _is_useless(self) -> bool:
        return not self._is_open or self._ended is not None

    def _reply(self, message: bytes, asked: Calls, within_s: float | None) -> Reply:
        """Send a message, if there is one, and read the reply to calls."""
        count = asked.count if asked.function in self.loaded.functions else 0
        limit = self._limits.result_bytes + _ROOM_BYTES + 64 * count
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
        if number != self._requests or len(outcomes) != count:
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
        ahead: Sequence[Calls] = (),
    ) -> Problem | None:
        """Send the sources and wait until they are loaded; tell which one ended the process.

        Args:
            program: the sources.
            replaced: functions to be replaced, each with its reference's source.
            functions: the exercise functions, each with the module it belongs in.
            history: what loading the program has shown before; is added to.
            ahead: calls to be made as soon as they are loaded, so that nobody waits for anybody;
                `next_reply` gives what came of each. They are not sent where a pipe has no room
                for them, see `sent_ahead`.
        """
        self._program, self._functions = program, functions
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
        requests = self._requests_ahead(ahead)
        job["ahead"] = len(self._ahead)
        message = frame(wire.encode_trusted(job)) + requests
        start = Watch(self.handle, _START_S, _START_S, None, None)
        if self._ask(message, HEADER_BYTES, start) != b"":
            raise SandboxError("a guest could not be confined")
        read = self._read_report(b"")
        if isinstance(read, Problem):
            return read
        loaded, stopped = read
        history.cuts.update({name: n for name, n in stopped.items() if name in history.names})
        problems = (*history.ended.values(), *loaded.problems)
        output = "" if self._ahead else self._page.output()
        self.loaded = Loaded(loaded.functions, problems, loaded.reaches, output)
        return None

    def _requests_ahead(self, ahead: Sequence[Calls]) -> bytes:
        message = b"".join(_request(n, asked, begins=False) for n, asked in enumerate(ahead, 1))
        if len(message) > _AHEAD_BYTES:
            return b""
        self._ahead.extend(ahead)
        return message

    @property
    def sent_ahead(self) -> bool:
        """Whether there are replies to calls that were sent ahead."""
        return bool(self._ahead)

    def load_again(self, replaced: dict[str, str]) -> bool:
        """Load the same sources once more in the same process, with more functions replaced.

        The modules are new ones, so that nothing that they remember is left. What a hostile
        submission hides elsewhere stays: whoever calls this sees to it that no function is graded
        afterwards whose reference has ever been in this process.

        Args:
            replaced: functions to be replaced, each with its reference's source; all that have
                been replaced before are among them.

        Returns:
            Whether they loaded just as they did before; if not, the guest is of no use any more.
        """
        if self._is_useless or self._ahead or not self._replaced <= replaced.keys():
            return False
        before = self.loaded
        self._replaced = frozenset(replaced)
        read = self._read_report(frame(wire.encode_trusted([0, "", replaced, True])))
        if isinstance(read, Problem):
            return False
        loaded, _ = read
        self.loaded = Loaded(loaded.functions, before.problems, before.reaches, self._page.output())
        ours = tuple(p for p in before.problems if p in loaded.problems)
        return ours == loaded.problems and before.functions <= loaded.functions

    def _read_report(self, message: bytes) -> tuple[Loaded, dict[str, int]] | Problem:
        """Send a message, if there is one, and read what was found while the sources loaded."""
        wall = 2 * self._limits.load_all_s + self._limits.load_s
        watch = Watch(self.handle, wall, wall, self._deadline, self._stuck())
        data = self._ask(message, _REPORT_BYTES, watch)
        try:
            if not isinstance(data, bytes):
                raise wire.WireError("no report")
            return read_report(data, self._functions)
        except wire.WireError:
            return self._load_problem(self._program, data)

    def load_nothing(self, problem: Problem, functions: Mapping[str, str]) -> None:
        """Answer every call with the reason why nothing could be loaded."""
        self._ahead.clear()
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


def _request(number: int, asked: Calls, *, begins: bool) -> bytes:
    """A request; one that begins anew with what is printed, or not."""
    return frame(wire.encode_trusted([number, asked.function, asked.request, begins]))


def _frame_bytes(data: bytearray) -> int:
    """How many bytes the frame takes of which this is the beginning, as far as it tells."""
    if len(data) < HEADER_BYTES:
        return HEADER_BYTES
    return HEADER_BYTES + frame_length(bytes(data[:HEADER_BYTES]))
