"""The grader's side: a sandbox that opens guests."""

from __future__ import annotations

import contextlib
import functools
import re
import signal
import socket
import time
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from types import TracebackType

from grader.sandbox.fork_server import ForkServer
from grader.sandbox.guest import Calls, Guest, History
from grader.sandbox.model import Isolation, Limits, Program, SandboxError
from grader.sandbox.page import Page

_REMEMBERED = 16
_END_S = 1.0  # between the end of a guest's pipe and its own


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
        self._pages: list[Page] = []
        self._histories: dict[Program, History] = {}
        self._servers: dict[tuple[str, ...], ForkServer] = {}
        self.isolation: Isolation = self._server(()).isolation

    def open(
        self,
        program: Program,
        replaced: Mapping[str, str] | None = None,
        *,
        deadline: float | None = None,
        ahead: Sequence[Calls] = (),
    ) -> Guest:
        """Load a submission in a fresh process.

        A module that cannot be stopped or that takes the process down is left out in another try,
        and is among the problems then.

        Args:
            program: the sources.
            replaced: exercise functions to be replaced, each with its reference's source.
            deadline: `time.monotonic` at which loading and calls end.
            ahead: calls to be made as soon as it is loaded, see `Guest.load`.

        Raises:
            SandboxError: the sandbox itself is at fault.
        """
        history = self._history(program)
        spared = False
        for _ in range(len(program.sources) + 2):
            guest = self._fork(program, deadline)
            try:
                problem = guest.load(program, dict(replaced or {}), self._functions, history, ahead)
            except SandboxError:
                guest.close()
                raise
            if problem is None:
                return guest
            is_late = deadline is not None and time.monotonic() >= deadline
            if is_late or problem.where not in history.names:
                guest.load_nothing(problem, self._functions)
                return guest
            guest.close()
            if guest.was_killed and not spared:
                spared = True
                continue
            history.ended[problem.where] = problem
        raise SandboxError("a guest was lost more often than there are sources")

    def _history(self, program: Program) -> History:
        """What the program's sources did the last time."""
        if program not in self._histories:
            if len(self._histories) >= _REMEMBERED:
                self._histories.pop(next(iter(self._histories)))
            self._histories[program] = History(frozenset(name for name, _ in program.sources))
        return self._histories[program]

    def _server(self, preloaded: tuple[str, ...]) -> ForkServer:
        """The server that has these modules loaded, started when it is first needed."""
        if preloaded not in self._servers:
            self._servers[preloaded] = ForkServer(self.limits, self._without, preloaded)
        return self._servers[preloaded]

    def _fork(self, program: Program, deadline: float | None) -> Guest:
        server = self._server(_worth_preloading(program))
        page = self._pages.pop() if self._pages else Page.make(self.limits.output_bytes)
        page.clear()
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                handle = server.open(theirs.fileno(), page.descriptor)
        except SandboxError:
            ours.close()
            self._pages.append(page)
            self._give_up(server)
            raise

        def release(guest: Guest) -> None:
            self._guests.discard(guest)
            self._release(server, guest, page)

        guest = Guest(handle, ours, page, self.limits, deadline, release)
        self._guests.add(guest)
        return guest

    def _release(self, server: ForkServer, guest: Guest, page: Page) -> None:
        if server not in self._servers.values():  # it has died, and its guests with it
            guest.handle.close()
            page.close()
            return
        has_ended = guest.is_cut and guest.handle.has_ended(_END_S)
        try:
            code = server.kill(guest.handle)
        except SandboxError:
            page.close()
            self._give_up(server)
            raise
        # Student code cannot send signals, and what exceeds a limit ends in other ways.
        guest.was_killed = has_ended and code == -signal.SIGKILL
        self._pages.append(page)

    def _give_up(self, server: ForkServer) -> None:
        """Forget a server that has died; the next guest gets a new one."""
        self._servers = {key: s for key, s in self._servers.items() if s is not server}
        server.close()

    def close(self) -> None:
        """End every guest and the fork server."""
        with contextlib.suppress(SandboxError):
            for guest in tuple(self._guests):
                guest.close()
        for page in self._pages:
            page.close()
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


# What few submissions use, what would make every fork slower, and what takes a guest long to load
# by itself or cannot be loaded there, because it needs libraries of the system.
_RARELY_USED = (
    *("bz2", "calendar", "csv", "ctypes", "datetime", "decimal", "fractions"),
    *("gzip", "hashlib", "json", "logging", "lzma", "pathlib", "pickle", "pprint"),
    *("random", "secrets", "shutil", "statistics", "tempfile", "textwrap", "threading", "timeit"),
    *("unicodedata", "uuid", "zlib", "numpy.random"),
)
_NAMES_ONE = re.compile(rb"\b(?:%s)\b" % "|".join(_RARELY_USED).encode())


def _worth_preloading(program: Program) -> tuple[str, ...]:
    """The modules that the server should have loaded besides the usual ones."""
    text = b"\n".join(source for _, source in program.sources)
    around = pairwise(text.split(b"import"))  # lines with that word, quicker than line by line
    lines = [b"%b %b" % (a.rpartition(b"\n")[2], b.partition(b"\n")[0]) for a, b in around]
    return _RARELY_USED if _NAMES_ONE.search(b"\n".join(lines)) else ()


@functools.cache
def _functions_of_manifest() -> Mapping[str, str]:
    from nnv.manifest import manifest

    return {function.name: function.module for function in manifest().functions}
