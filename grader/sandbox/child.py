"""What happens in the child: confine itself, load the sources, answer requests until the end.

Nothing that it sends is trusted by the grader. What it needs after the student's code has run is
taken before, so that a student who puts something else in the place of a builtin or a module spoils
no one's results but their own.
"""

from __future__ import annotations

import builtins
import io
import os
import signal
import sys
import time
import traceback
from typing import Any

import numpy as np

from grader.sandbox import calls, reach, replace, wire
from grader.sandbox.absent import AbsentFinder, HiddenFinder
from grader.sandbox.channel import frame, read_frame, write_all
from grader.sandbox.isolation import PIPE, Confinement
from grader.sandbox.page import Page
from grader.sandbox.student_code import StudentCode

_HOLD_S = 0.005  # for replies to go together: each alone would wake the grader up
_RECURSION_LIMIT = 3000  # a recursion over 1,000 layers is a correct way to write a function
_exit, _monotonic = os._exit, time.monotonic
_encode_trusted = wire.encode_trusted
_log = sys.stderr  # of the server, until the descriptor is closed


class _Sink(io.RawIOBase):
    """Takes what is printed and keeps the beginning of it on the page."""

    def __init__(self) -> None:
        self.keep: Any = None

    def writable(self) -> bool:
        """Say that it can be printed to."""
        return True

    def write(self, data: Any) -> int:
        """Take all, keep what there is room for."""
        text = bytes(data)
        self.keep(text)
        return len(text)


_sink = _Sink()


def main(confinement: Confinement, slot: int, pipe: int, memory: int, base_bytes: int) -> None:
    """Be a guest until the pipe ends; never returns."""
    try:
        page = _settle(confinement, slot, pipe, memory, base_bytes)
        write_all(PIPE, frame())  # whatever goes wrong before this is no fault of a student
        _serve(page)
    except BaseException:
        traceback.print_exc(file=_log)
    finally:
        _exit(0)


def _settle(confinement: Confinement, slot: int, pipe: int, memory: int, base_bytes: int) -> Page:
    """Keep the pipe, the page and nothing else; then lock the door."""
    page = Page(memory)
    null = os.open("/dev/null", os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    os.dup2(pipe, PIPE)
    confinement.install(slot, PIPE + 1 + len(confinement.kept), base_bytes)
    _sink.keep = page.write
    return page


def _serve(page: Page) -> None:
    data = read_frame(PIPE)
    if data is None:
        return
    job = wire.decode(data)
    code = StudentCode(
        job["kind"],
        job["sources"],
        job["functions"],
        page,
        job["cuts"],
        job["load_s"],
        job["load_all_s"],
    )
    sys.setrecursionlimit(_RECURSION_LIMIT)
    sys.meta_path += [_absent]
    sys.meta_path.insert(0, HiddenFinder(_absent))
    called: set[str] = set()
    _load(code, job["replaced"], called, first=True)
    replies: list[bytes] = []
    sent = _monotonic()
    while (data := read_frame(PIPE)) is not None:
        number, name, request, begins = wire.decode(data)
        if begins:
            page.forget_output()
        if not name:
            code, called = code.again(), set()
            _load(code, request, called, first=False)
            continue
        called.clear()
        outcomes, out_of_memory = _answers(code, name, request, page, job["result_bytes"])
        head = _encode_trusted([number, out_of_memory, sorted(called)])
        count = (len(outcomes) + 1).to_bytes(4, "big")
        replies.append(frame(b"\xdd", count, head, *outcomes))
        if number >= job["ahead"] or _monotonic() - sent > _HOLD_S:
            write_all(PIPE, b"".join(replies))
            replies.clear()
            sent = _monotonic()


def _answers(
    code: StudentCode, name: str, request: bytes, page: Page, result_bytes: int
) -> tuple[list[bytes], bool]:
    """The outcomes of a request; none where there is no such function, as the report has said."""
    function = code.function(name)
    if function is None:
        return [], False
    return calls.run(code, function, request, page, result_bytes)


def _load(code: StudentCode, replaced: dict[str, str], called: set[str], *, first: bool) -> None:
    """Load the sources, put references in place of some functions, and report."""
    code.load()
    found = {name: f for name in code.functions if (f := code.own(name)) is not None}
    replace.replace(code, replaced, called)
    report = [
        sorted({*found, *code.replaced}),
        [list(problem) for problem in code.problems],  # what could not be loaded
        reach.reaches(code, found) if first else {},
        code.cuts,
    ]
    write_all(PIPE, frame(wire.encode(report)))


_absent = AbsentFinder()


def prepare_python() -> None:
    """Change, in the server, what is to be different for all guests."""
    real_sleep = time.sleep

    def sleep(seconds: Any) -> None:
        """Sleep; a nap that only looks good on a screen takes a hundredth of its time."""
        real_sleep(seconds * 0.01 if 0 <= seconds <= 0.25 else seconds)

    def no_input(prompt: object = "", /) -> str:
        """Find an empty line."""
        print(prompt, end="")
        return ""

    def leave(code: object = None) -> None:
        """End the program."""
        raise SystemExit(code)

    time.sleep = sleep
    ours: Any = builtins
    ours.input = no_input
    ours.exit = ours.quit = leave
    ours.help = lambda *args: None
    sys.breakpointhook = lambda *args, **kwargs: None
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if "random" in sys.modules:
        sys.modules["random"].seed(0)
    if "numpy.random" in sys.modules:
        np.random.seed(0)
    _prepare_streams()


def _prepare_streams() -> None:
    """Give guests an empty input, and an output that is kept in memory."""
    streams: Any = sys
    streams.stdin = streams.__stdin__ = io.StringIO("")
    for name in ("stdout", "stderr"):
        text = io.TextIOWrapper(
            _sink,  # type: ignore[type-var]
            encoding="utf-8",
            errors="backslashreplace",
            newline="\n",
            write_through=True,
        )
        setattr(sys, name, text)
        setattr(sys, f"__{name}__", text)
