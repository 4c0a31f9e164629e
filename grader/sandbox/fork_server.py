"""The grader's end of a fork server: start it, order guests from it, bury them."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

import msgpack
import numpy as np

from grader.sandbox import wire
from grader.sandbox.channel import HEADER_BYTES, frame_length
from grader.sandbox.model import Isolation, Limits, SandboxError

_START_S = 60.0
_ANSWER_S = 30.0
_order = struct.Struct("<cI")
_answer = struct.Struct("<iI")

_PID = re.compile(rb"^Pid:\s*([1-9]\d*)$", re.M)
# Our own packages are stubs there, without what their `__init__` would import.
_BOOT = """
import ast, fcntl, _socket, sys, types
config = ast.literal_eval(sys.argv[1])
for name, path in config["packages"]:
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [path]
config["library"] = list(sys.path)
sys.path += config["paths"]
control = _socket.socket(fileno=fcntl.fcntl(int(sys.argv[2]), fcntl.F_DUPFD_CLOEXEC, 64))
del sys.argv[1:], sys.orig_argv[1:]
from grader.sandbox import isolation, server
isolation.reserve_descriptors()
server.main(config, control)
"""
_KEPT_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",  # so that what depends on the order of a set is the same every time
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",  # else each thread takes 64 MiB of a guest's address space
}


@dataclass(slots=True)
class Handle:
    """A guest's process.

    Attributes:
        number: what the server calls it.
        descriptor: a descriptor of the process; None where the system has none.
        pid: its number here, for its CPU clock; None where it is not known.
    """

    number: int
    descriptor: int | None
    pid: int | None

    def has_ended(self, wait_s: float) -> bool:
        """Whether the process has ended, or does within a while; False where it is not known."""
        if self.descriptor is None:
            return False
        poll = select.poll()
        poll.register(self.descriptor, select.POLLIN)
        return bool(poll.poll(1000 * wait_s))

    def close(self) -> None:
        """Close the descriptor; the process is dead or will be."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


class ForkServer:
    """One fork server process.

    Attributes:
        isolation: what it could set up on this machine.
    """

    def __init__(
        self, limits: Limits, without: Collection[str], preloaded: Collection[str] = ()
    ) -> None:
        """Start it and wait until it is ready.

        Args:
            limits: what its guests may use.
            without: parts of the confinement that are left out.
            preloaded: modules that it loads besides the usual ones.

        Raises:
            SandboxError: it does not start.
        """
        ours, theirs = socket.socketpair()
        self._control = ours
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        with theirs:
            self._process = self._start(theirs, limits, without, preloaded)
        try:
            ours.settimeout(_START_S)
            length = frame_length(self._take(HEADER_BYTES))
            missing, entered = wire.decode(self._take(length))
            ours.settimeout(_ANSWER_S)
        except SandboxError:
            self.close()
            raise
        level: Literal["weak", "full"] = "weak" if missing else "full"
        self.isolation = Isolation(level, tuple(missing), tuple(entered))

    def _start(
        self,
        control: socket.socket,
        limits: Limits,
        without: Collection[str],
        preloaded: Collection[str],
    ) -> subprocess.Popen[bytes]:
        here = Path(__file__).resolve().parent
        config = {
            "packages": [("grader", str(here.parent)), ("grader.sandbox", str(here))],
            "paths": sorted({_parent(np), _parent(msgpack)}),
            "preloaded": sorted(preloaded),
            "without": sorted(without),
            "memory_bytes": limits.memory_bytes,
            "scratch_bytes": limits.scratch_bytes,
        }
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        number = control.fileno()
        return subprocess.Popen(
            [sys.executable, "-s", "-S", "-P", "-c", _BOOT, repr(config), str(number)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            pass_fds=[number],
            env=_ENVIRONMENT | kept,
            cwd="/",
            start_new_session=True,
        )

    def open(self, pipe: int, memory: int) -> Handle:
        """Have a guest forked, with these descriptors as its pipe and its page.

        Raises:
            SandboxError: the server has died.
        """
        try:
            socket.send_fds(self._control, [_order.pack(b"O", 0)], [pipe, memory])
            data, descriptors, _, _ = socket.recv_fds(self._control, _answer.size, 1)
        except OSError as error:
            raise self._died(str(error)) from None
        if len(data) < _answer.size:
            raise self._died("no answer")
        _, number = _answer.unpack(data)
        if not descriptors:
            return Handle(number, None, number if sys.platform == "linux" else None)
        return Handle(number, descriptors[0], _pid_of(descriptors[0]))

    def kill(self, guest: Handle) -> int:
        """Kill a guest and bury it.

        Returns:
            How it ended: its exit code, or minus the number of the signal that killed it.

        Raises:
            SandboxError: the server has died.
        """
        try:
            if guest.descriptor is None:
                self._control.sendall(_order.pack(b"K", guest.number))
            else:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(guest.descriptor, signal.SIGKILL)
                guest.close()
            self._control.sendall(_order.pack(b"R", guest.number))
            code, _ = _answer.unpack(self._take(_answer.size))
        except OSError as error:
            raise self._died(str(error)) from None
        return int(code)

    def _take(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            try:
                more = self._control.recv(length - len(data))
            except OSError as error:
                raise self._died(str(error)) from None
            if not more:
                raise self._died("it ended")
            data += more
        return data

    def _died(self, reason: str) -> SandboxError:
        self._log.seek(0)
        said = self._log.read().decode("utf-8", "replace").strip()
        last = said.splitlines()[-1] if said else "it said nothing"
        return SandboxError(f"the sandbox's fork server is lost: {reason}; {last}")

    def close(self) -> None:
        """End it, and with it every guest that is left."""
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


def _parent(module: Any) -> str:
    """The folder in which a package lies."""
    return str(Path(module.__file__).resolve().parent.parent)


def _pid_of(descriptor: int) -> int | None:
    """The number of a process in our own namespace."""
    try:
        info = os.open(f"/proc/self/fdinfo/{descriptor}", os.O_RDONLY)
    except OSError:
        return None
    try:
        found = _PID.search(os.read(info, 1024))
    finally:
        os.close(info)
    return int(found[1]) if found else None
