"""A sandbox whose fork servers and guests are measured by coverage, confined as ever.

No file can be written there and nothing is installed, so the server is started with coverage in its
hands, and each process leaves what it ran in memory that was shared before anything was confined.
It does so where it ends by itself; a guest is given the time to, since a closed pipe ends it. One
that is killed leaves nothing.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import coverage
import pytest

import grader.sandbox
from grader.sandbox import Sandbox, fork_server

ROOT = Path(__file__).resolve().parents[1]
_ROOM_BYTES = 1 << 17  # for what one process ran
_PROCESSES = 1000  # of one sandbox; what more there are is not measured
_END_S = 0.5
_length = struct.Struct("<I")

# The first four bytes of the memory count the processes; each has its own room after them, for the
# steps from line to line in each file; it is empty where a process did not come to note them.
_BOOT = """
def measure(site, include, path, room, processes):
    import json, mmap, os, sys
    library = list(sys.path)
    sys.path.append(site)
    import coverage
    sys.path[:] = library
    with open(path, "r+b") as file:
        memory = mmap.mmap(file.fileno(), 0)
    leave, place = os._exit, 0

    def begin():
        nonlocal place
        number = int.from_bytes(memory[:4], "little") + 1
        memory[:4] = number.to_bytes(4, "little")
        place = min(number, processes - 1) * room

    def note():
        sys.settrace(None)
        found = measured.get_data()
        arcs = {file: list(found.arcs(file)) for file in found.measured_files()}
        data = json.dumps(arcs, separators=(",", ":")).encode()
        if len(data) <= room - 4:
            memory[place + 4 : place + 4 + len(data)] = data
            memory[place : place + 4] = len(data).to_bytes(4, "little")

    def noted_exit(code):
        try:
            note()  # unless a student's code has put something else in the place of its parts
        finally:
            leave(code)

    begin()
    os.register_at_fork(after_in_child=begin)
    os._exit = noted_exit
    measured = coverage.Coverage(data_file=None, branch=True, include=[include], config_file=False)
    measured.start()
"""


def _measuring(path: str) -> str:
    """The text of a program's beginning that has it measured."""
    site = Path(coverage.__file__).resolve().parents[1]
    include = Path(grader.sandbox.__file__).resolve().parent / "*"
    arguments = (str(site), str(include), path, _ROOM_BYTES, _PROCESSES)
    return f"{_BOOT}\nmeasure(*{arguments!r})\n"


class _MeasuredServer(fork_server.ForkServer):
    """A fork server that coverage measures, and that lets a guest end by itself."""

    def __init__(self, path: str, *args: Any) -> None:
        self._path = path
        super().__init__(*args)

    def _start(self, *args: Any) -> subprocess.Popen[bytes]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fork_server, "_BOOT", _measuring(self._path) + fork_server._BOOT)
            return super()._start(*args)

    def kill(self, guest: fork_server.Handle) -> int:
        """Wait a while for it to end, then kill and bury it."""
        guest.has_ended(_END_S)
        return super().kill(guest)


class MeasuredSandbox(Sandbox):
    """A sandbox all of whose processes are measured; `close` adds that to the coverage."""

    def __init__(self, functions: Mapping[str, str] | None = None, **options: Any) -> None:
        self._records = _records()
        super().__init__(functions, **options)

    def _server(self, preloaded: tuple[str, ...]) -> fork_server.ForkServer:
        if preloaded not in self._servers:
            self._servers[preloaded] = _MeasuredServer(
                self._records.name, self.limits, self._without, preloaded
            )
        return self._servers[preloaded]

    def close(self) -> None:
        """End every process, and add what they ran to what is measured here."""
        super().close()
        if not self._records.closed:
            with self._records:
                _add(_found(self._records))


def _records() -> IO[bytes]:
    """An empty file for what is measured."""
    file = tempfile.NamedTemporaryFile()  # noqa: SIM115
    file.truncate(_ROOM_BYTES * _PROCESSES)
    return file


def _found(records: IO[bytes]) -> Iterator[bytes]:
    """What the processes have left."""
    count = _length.unpack(records.read(_length.size))[0]
    for number in range(1, min(count + 1, _PROCESSES)):
        records.seek(number * _ROOM_BYTES)
        yield records.read(_length.unpack(records.read(_length.size))[0])


def _add(records: Iterator[bytes]) -> None:
    """Write the records beside those of this process, where coverage will combine them."""
    ours = coverage.Coverage.current()
    assert ours is not None
    arcs: dict[str, set[tuple[int, int]]] = {}
    for record in filter(None, records):
        for file, steps in json.loads(record).items():
            arcs.setdefault(file, set()).update(map(tuple, steps))
    data = coverage.CoverageData(ours.get_data().base_filename(), suffix=True)
    data.add_arcs(arcs)
    data.write()


def sandboxes() -> list[type[Sandbox]]:
    """The kinds of sandbox to be tested: the real one, and where coverage runs a measured one."""
    return [Sandbox] if coverage.Coverage.current() is None else [Sandbox, MeasuredSandbox]


def printed_by(program: str) -> str:
    """Run a program that may confine itself in a process of its own, measured; what it prints.

    It has the packages of this process, and must not start programs.
    """
    path = f"import sys\nsys.path[:] = {[str(ROOT), *sys.path]!r}\n"
    end = "\nimport os\nsys.stdout.flush()\nos._exit(0)\n"
    variables = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    with _records() as records:
        start = "" if coverage.Coverage.current() is None else _measuring(records.name)
        done = subprocess.run(
            [sys.executable, "-c", path + start + program + end],
            env=variables | {"OPENBLAS_NUM_THREADS": "1"},  # who has threads gets no namespaces
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        if start:
            _add(_found(records))
    return done.stdout
