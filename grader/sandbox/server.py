"""The fork server: loads Python and numpy once, then forks one guest per submission.

It is started by exec with an empty environment and imports only what a guest may see, so that no
suite, solution or other submission is ever in its memory. It takes orders on a socket:

    "O" + two descriptors (a guest's pipe and page)  ->  guest number, with a descriptor of it
    "R" + guest number (it has been killed)          ->  how it ended
    "K" + guest number, where there are no such descriptors: kill it
"""

from __future__ import annotations

import _socket
import contextlib
import gc
import importlib
import importlib.machinery
import os
import resource
import signal
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.sandbox import child, isolation, wire
from grader.sandbox.channel import frame
from grader.sandbox.isolation import SLOTS, Confinement

_order = struct.Struct("<cI")
_answer = struct.Struct("<iI")
_descriptors = struct.Struct("=i")
_PRELOADED = [
    *(
        "abc",
        "ast",
        "bisect",
        "cmath",
        "collections.abc",
        "contextlib",
        "copy",
        "dataclasses",
        "enum",
        "functools",
    ),
    *(
        "heapq",
        "inspect",
        "io",
        "itertools",
        "math",
        "numbers",
        "operator",
        "os",
        "re",
        "string",
        "time",
    ),
    *("traceback", "types", "typing", "warnings", "numpy.linalg", "numpy.typing"),
]


def main(config: dict[str, Any], control: _socket.socket) -> None:
    """Prepare, report and serve until the other end closes.

    Args:
        config: library (folders of the standard library), preloaded (modules besides the usual
            ones), without, memory_bytes, scratch_bytes.
        control: the socket on which orders come.
    """
    _preload(config["preloaded"])
    numpy_folder = Path(np.__file__).parent
    places = isolation.find_places(config["library"], numpy_folder)
    sys.path[:] = config["library"]
    sys.path_importer_cache.clear()
    confinement = Confinement(config["without"], config["memory_bytes"])
    base_bytes = _address_space()  # there may be no /proc later
    confinement.prepare(places, config["scratch_bytes"])
    server = Server(control, confinement, base_bytes)
    missing = confinement.missing or [f"{name} is possible" for name in server.escapes()]
    control.sendall(frame(wire.encode([missing, list(confinement.namespaces)])))
    server.serve()
    os._exit(0)


def _preload(more: Sequence[str]) -> None:
    for name in (*_PRELOADED, *more):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    square = np.eye(2)
    square @ square  # so that the libraries are warm
    np.tanh(np.einsum("ij,jk->ik", square, square)).sum(axis=0)
    repr(square)
    np.linalg.norm(square)
    child.prepare_python()


class Server:
    """Forks guests and buries them."""

    def __init__(self, control: _socket.socket, confinement: Confinement, base_bytes: int) -> None:
        self._control = control
        self._confinement = confinement
        self._slots: dict[int, int] = {}  # guest to slot
        self._base_bytes = base_bytes
        for path in list(sys.path):
            _fill_path_cache(path)
        _forget_ourselves()
        gc.collect()
        gc.freeze()

    def serve(self) -> None:
        """Take orders until there are none."""
        while True:
            data, descriptors = _receive(self._control)
            if len(data) < _order.size:
                break
            kind, guest = _order.unpack(data)
            if kind == b"O":
                self._open(*descriptors)
            elif kind == b"R":
                self._control.sendall(_answer.pack(self._bury(guest), guest))
            elif kind == b"K":
                os.kill(guest, signal.SIGKILL)

        for guest in self._slots:
            os.kill(guest, signal.SIGKILL)

    def _open(self, pipe: int, memory: int) -> None:
        slot = next(i for i in range(len(self._slots) + 1) if i not in self._slots.values())
        slot = min(slot, SLOTS - 1)
        self._confinement.prepare_slot(slot)
        guest = os.fork()
        if guest == 0:
            child.main(self._confinement, slot, pipe, memory, self._base_bytes)
        os.close(pipe)
        os.close(memory)
        self._slots[guest] = slot
        handles = [os.pidfd_open(guest)] if hasattr(os, "pidfd_open") else []
        _send(self._control, _answer.pack(0, guest), handles)
        for handle in handles:
            os.close(handle)

    def _bury(self, guest: int) -> int:
        _, status = os.waitpid(guest, 0)
        scratch = self._confinement.scratch(self._slots.pop(guest))
        if scratch is not None:
            _empty(scratch)
        return os.waitstatus_to_exitcode(status)

    def escapes(self) -> list[str]:
        """What a confined child can still do although it must not."""
        self._confinement.prepare_slot(0)
        reader, writer = os.pipe()
        guest = os.fork()
        if guest == 0:
            os.dup2(writer, isolation.PIPE)
            keep = isolation.PIPE + 1 + len(self._confinement.kept)
            self._confinement.install(0, keep, self._base_bytes)
            os.write(isolation.PIPE, "\n".join(isolation.escapes()).encode() + b"\n")
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as lines:
            found = lines.read()
        os.waitpid(guest, 0)
        if not found:
            raise RuntimeError("a child could not be confined")
        return [line for line in found.split("\n") if line]


def _address_space() -> int:
    with contextlib.suppress(OSError):
        pages = Path("/proc/self/statm").read_text().split()[0]
        return int(pages) * resource.getpagesize()
    return 1 << 30  # where there is no /proc


def _fill_path_cache(path: str) -> None:
    """Have Python list a folder of its path now: guests may not."""
    with contextlib.suppress(ImportError):
        importlib.machinery.PathFinder.find_spec("no_such_module", [path])


def _forget_ourselves() -> None:
    """Take our own modules off the list: what a guest imports by these names is not there."""
    for name in [n for n in sys.modules if n.split(".")[0] in {"grader", "msgpack"}]:
        del sys.modules[name]


def _receive(control: _socket.socket) -> tuple[bytes, list[int]]:
    room = _socket.CMSG_LEN(2 * _descriptors.size)
    data, ancillary, _, _ = control.recvmsg(_order.size, room)
    found = [
        descriptor
        for level, kind, content in ancillary
        if (level, kind) == (_socket.SOL_SOCKET, _socket.SCM_RIGHTS)
        for (descriptor,) in _descriptors.iter_unpack(content)
    ]
    return data, found


def _send(control: _socket.socket, data: bytes, handles: list[int]) -> None:
    content = b"".join(map(_descriptors.pack, handles))
    ancillary = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, content)] if handles else []
    control.sendmsg([data], ancillary)


def _empty(folder: Path) -> None:
    """Remove all that a guest has left, however deep it is nested and whatever its modes forbid.

    What lies in a folder is moved up before the folder is removed, under names that the guest
    cannot have taken, so that neither recursion nor the length of a path sets a limit.
    """
    prefix = os.urandom(8).hex()
    number = 0
    while entries := list(os.scandir(folder)):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                Path(entry.path).unlink()
                continue
            Path(entry.path).chmod(0o700)
            for inner in list(os.scandir(entry.path)):
                if inner.is_dir(follow_symlinks=False):
                    Path(inner.path).chmod(0o700)
                Path(inner.path).rename(folder / f"{prefix}{number}")
                number += 1
            Path(entry.path).rmdir()
