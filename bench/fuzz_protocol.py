"""Answer the grader as a hostile student's process would, for as long as you like.

    python bench/fuzz_protocol.py --seconds 600 --seed 1

Half of the time bytes go into the decoder and the readers of replies alone: nothing but plain data
or `WireError` may come out, within a second. The other half whole submissions are marked, with a
real `Guest` whose other end of the pipe is held by a liar: damaged frames, forged heads, values of
every kind, more or fewer of them than were asked for. Every mark must come out whole, as JSON, and
no exception. A finding ends the run with status 1 and says the seed that repeats it; keep it as a
test. Memory stays below 600 MiB.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import resource
import socket
import struct
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

import msgpack
import numpy as np

from grader.marking import Marker
from grader.sandbox import Calls, Guest, Isolation, Limits, Program, WireError, wire
from grader.sandbox.channel import HEADER_BYTES, frame, frame_length
from grader.sandbox.fork_server import Handle
from grader.sandbox.guest import History
from grader.sandbox.page import Page
from grader.sandbox.replies import read_reply, read_report
from grader.submission import Submission
from nnv.manifest import manifest

MAX_SECONDS = 1.0
MAX_MEMORY_KIB = 600 * 1024
_FUNCTIONS = {function.name: function.module for function in manifest().functions}
_TEXTS = ["", "relu", "x" * 400, "\ud800", "\x1b[31m", "<script>", "=1+1", "\0", "0x7f0011223344"]
_NUMBERS: list[Any] = [
    *(0, -1, 1, 2**31, 2**63, -(2**64), 10**400, 0.0, -0.0, 1e308, 5e-324, True, None),
    *(float("nan"), float("inf"), 1j, np.float64("nan"), np.float32(1.5), np.int8(-128)),
]
_CODES = ["?", "i1", "i8", "u8", "f2", "f4", "f8", "c16"]


def some_value(rng: random.Random, depth: int = 0) -> Any:
    """Make plain data of any kind, odd kinds as well."""
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(_NUMBERS)
    if kind < 0.4:
        return rng.choice(_TEXTS).encode("utf-8", "replace").decode()
    if kind < 0.6:
        shape = tuple(rng.choice([0, 1, 1, 2, 3, 5]) for _ in range(rng.randrange(5)))
        with np.errstate(all="ignore"):
            return np.full(shape, rng.choice([0, 1, 0.5, -3])).astype(rng.choice(_CODES))
    if kind < 0.75:
        data = rng.randbytes(rng.choice([0, 1, 2, 3, 10, 18, 26, 600]))
        return msgpack.ExtType(rng.randrange(1, 12), data)
    if depth > 3:
        return b"deep"
    items = [some_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    if kind < 0.9:
        return items
    return {rng.choice(["a", "b", "W"]): item for item in items} if kind < 0.95 else tuple(items)


def packed(value: Any) -> bytes:
    """Write a value as msgpack, what is no plain msgpack as our own codec does."""
    data: bytes = msgpack.packb(
        value, default=_as_ours, strict_types=True, unicode_errors="surrogatepass"
    )
    return data


def _as_ours(value: Any) -> Any:
    return msgpack.unpackb(wire.encode(value), ext_hook=msgpack.ExtType, strict_map_key=False)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Damage bytes in a few places, or leave them alone three times of four."""
    if rng.random() < 0.75 or not data:
        return data
    found = bytearray(data)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(found) + 1)
        kind = rng.random()
        if kind < 0.4 and at < len(found):
            found[at] = rng.choice([0, 0x7F, 0x80, 0x90, 0xC1, 0xC9, 0xDC, 0xDD, 0xDF, 0xFF])
        elif kind < 0.6:
            del found[at : at + rng.randrange(9)]
        elif kind < 0.8:
            found[at:at] = struct.pack(">BI", rng.choice([0xC9, 0xDD, 0xDF, 0xDB, 0xC6]), 2**31)
        else:
            found[at:at] = b"\x91" * rng.choice([1, 40, 2000])
    return bytes(found)


def some_outcome(rng: random.Random) -> Any:
    """Make one outcome of a reply, mostly well-formed."""
    if rng.random() < 0.05:
        return some_value(rng)
    if rng.random() < 0.7:
        return [0, rng.random() < 0.2, some_value(rng)]
    kind, message = rng.choice(_TEXTS[:3]), rng.choice(_TEXTS[:3])
    where, line = rng.choice([None, "relu", "\n"]), rng.choice([None, 3, -1, 10**9])
    return [1, False, kind, message, rng.random() < 0.5, where, line]


def some_reply(rng: random.Random, number: int, n_calls: int) -> bytes:
    """Make a reply to a request: of all calls, too many, too few; damaged or not."""
    head: list[Any] = [number, False, rng.choice([[], ["relu"], ["dense", "no_such"]])]
    if rng.random() < 0.05:
        head[rng.randrange(3)] = some_value(rng)
    count = n_calls + (rng.random() < 0.05) * rng.choice([-1, 1, 1000])
    return mutated(packed([head, *(some_outcome(rng) for _ in range(max(0, count)))]), rng)


def some_report(rng: random.Random) -> bytes:
    """Make a report on what was loaded, mostly well-formed."""
    found: list[Any] = [name for name in _FUNCTIONS if rng.random() < 0.9] + ["no_such"]
    problems = [["relu", "SyntaxError", "x" * 500, 3], ["", "\x1b", "\n", None]]
    reaches = {name: rng.sample(sorted(_FUNCTIONS), 3) for name in _FUNCTIONS}
    report: list[Any] = [found, problems[: rng.randrange(3)], reaches, {"relu": 3}]
    if rng.random() < 0.1:
        report[rng.randrange(4)] = some_value(rng)
    return mutated(packed(report), rng) if rng.random() < 0.2 else packed(report)


def _try_readers(rng: random.Random, outcomes: Counter[str]) -> None:
    made = [packed(some_value(rng)), some_reply(rng, 1, 3), some_report(rng), rng.randbytes(40)]
    data = mutated(rng.choice(made), rng)
    for name, reader in {
        "decode": wire.decode,
        "reply": read_reply,
        "report": lambda data: read_report(data, _FUNCTIONS),
    }.items():
        try:
            reader(data)
        except WireError:
            outcomes[f"{name} refused"] += 1
        else:
            outcomes[f"{name} read"] += 1


class LyingSandbox:
    """Opens guests whose other end of the pipe is held by a liar in this process."""

    def __init__(self, rng: random.Random) -> None:
        self.isolation = Isolation("full")
        self._rng = rng

    def open(
        self,
        program: Program,
        replaced: Mapping[str, str] | None = None,
        *,
        deadline: float | None = None,
        ahead: Sequence[Calls] = (),
    ) -> Guest:
        """Open a guest as `Sandbox.open` does."""
        ours, theirs = socket.socketpair()
        page = Page.make(1000)
        guest = Guest(Handle(0, None, None), ours, page, Limits(), deadline, lambda _: page.close())
        threading.Thread(target=self._lie, args=(theirs,), daemon=True).start()
        history = History(frozenset(name for name, _ in program.sources))
        problem = guest.load(program, dict(replaced or {}), _FUNCTIONS, history, ahead)
        if problem is not None:
            guest.load_nothing(problem, _FUNCTIONS)
        return guest

    def _lie(self, pipe: socket.socket) -> None:
        rng = self._rng
        with pipe, contextlib.suppress(OSError), pipe.makefile("rb") as received:
            if _take(received) is None:
                return
            pipe.sendall(frame(b"") + frame(some_report(rng)))
            while (request := _take(received)) is not None:
                number, function, calls, *_ = wire.decode(request)
                if not function:  # load again
                    pipe.sendall(frame(some_report(rng)))
                    continue
                reply = some_reply(rng, number, len(msgpack.unpackb(calls)) - 1)
                if rng.random() < 0.01:
                    return
                framed = frame(reply)
                if rng.random() < 0.01:  # a length that is none
                    framed = rng.randbytes(HEADER_BYTES) + reply
                pipe.sendall(framed)
                if framed != frame(reply):
                    return


def _take(received: BinaryIO) -> bytes | None:
    """Read one frame; None where there is none any more."""
    header = received.read(HEADER_BYTES)
    return received.read(frame_length(header)) if len(header) == HEADER_BYTES else None


def _try_marking(marker: Marker, number: int, outcomes: Counter[str]) -> None:
    sources = tuple((module, b"# %d" % number) for module in manifest().modules)
    marks = marker.mark(Submission("ada", "modules", sources, None, None, False, "", ()))
    for mark in marks.functions.values():
        json.dumps(mark.as_json(), ensure_ascii=False).encode()
        if mark.detail is not None:
            json.dumps(mark.detail.as_json(), ensure_ascii=False).encode()
        outcomes[f"mark {mark.verdict.value}"] += 1
    if not 0 <= marks.points <= manifest().max_points:
        raise AssertionError(f"{marks.points} points")


def fuzz(seconds: float, seed: int) -> Counter[str]:
    """Feed the readers and the marker for a while.

    Returns:
        How often what came out.

    Raises:
        AssertionError: a finding, with the seed that repeats it.
    """
    outcomes: Counter[str] = Counter()
    rng = random.Random(seed)
    marker = Marker(manifest(), LyingSandbox(rng))  # type: ignore[arg-type]
    deadline = time.monotonic() + seconds
    before = _peak_kib()
    number = seed * 10**9
    while time.monotonic() < deadline:
        number += 1
        rng.seed(number)
        begin = time.thread_time()
        try:
            if number % 50:
                _try_readers(rng, outcomes)
            else:
                _try_marking(marker, number, outcomes)
        except Exception as error:
            raise AssertionError(f"rng.seed({number}): {traceback.format_exc()}") from error
        taken = time.thread_time() - begin
        if number % 50 and taken > MAX_SECONDS:
            raise AssertionError(f"rng.seed({number}): took {taken:.1f} s")
        if _peak_kib() - before > MAX_MEMORY_KIB:
            raise AssertionError(f"rng.seed({number}): took more than {MAX_MEMORY_KIB} KiB")
    return outcomes


def _peak_kib() -> int:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Fuzz for as long as asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    try:
        outcomes = fuzz(asked.seconds, asked.seed)
    except AssertionError as finding:
        sys.exit(f"finding: {finding}")
    for name, count in sorted(outcomes.items()):
        print(f"{count:>10} {name}")


if __name__ == "__main__":
    main()
