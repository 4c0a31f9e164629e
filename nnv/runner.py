"""Runs the self-checks in processes of their own, each function with a limit.

A `Child` starts ahead: it loads numpy and waits, so that an order is answered at once. Events of
all children and of the watcher of files come in through one queue; nothing here depends on one
operating system.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

from nnv.results import Result
from nnv.workspace import Workspace

LIMIT_S = 10.0
START_LIMIT_S = 60.0

_PACKAGES = str(Path(__file__).resolve().parent.parent)
# -P keeps the student's folder off the path: their random.py must not become Python's.
_PROGRAM = f"import sys; sys.path.append({_PACKAGES!r}); from nnv.child import main; main()"

Event = dict[str, object]
Events = Queue[tuple["Child | None", Event]]
CHANGED: tuple[None, Event] = (None, {"event": "changed"})


class Child:
    """A process that has everything loaded and waits for one order."""

    def __init__(self, events: Events) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "OPENBLAS_NUM_THREADS": "1"},
        )
        self._events = events
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def order(self, order: Event) -> None:
        """Let it run the self-checks; a child that has died already says so by its events."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            return

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._listener.join(timeout=1)
        if self._listener.is_alive():  # a process that the student's code started keeps the pipe
            return
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # an order that it never read
                    pipe.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                event = json.loads(line)
            except ValueError:  # cut off in the middle
                continue
            self._events.put((self, event))
        self._events.put((self, {"event": "gone"}))


class ChangedError(Exception):
    """A file was saved while the self-checks ran: what they find is out of date."""


@dataclass(slots=True)
class Runner:
    """Runs self-checks, with children started ahead.

    Attributes:
        ahead: how many children wait for an order while nothing runs.
        limit_s: how long one function may take.
        events: what children say, and `CHANGED` from a watcher.
    """

    ahead: int = 1
    limit_s: float = field(default_factory=lambda: LIMIT_S)
    events: Events = field(default_factory=Queue)
    _waiting: list[Child] = field(default_factory=list)

    def warm_up(self) -> None:
        """Start children until enough of them wait."""
        while len(self._waiting) < self.ahead:
            self._waiting.append(Child(self.events))

    def close(self) -> None:
        """End all children."""
        while self._waiting:
            self._waiting.pop().end()

    def check(self, workspace: Workspace, names: Sequence[str]) -> list[Result]:
        """Run the self-checks of these functions.

        Raises:
            ChangedError: a file was saved meanwhile.
        """
        run = _Run(self, workspace, list(names))
        while not run.finished:
            child = self._waiting.pop(0) if self._waiting else Child(self.events)
            try:
                run.go(child)
            finally:
                child.end()
        return run.results


class _Run:
    """One run over the functions; it takes another child where one hangs or dies."""

    def __init__(self, runner: Runner, workspace: Workspace, names: list[str]) -> None:
        self._runner = runner
        self._workspace = workspace
        self._names = names
        self._unusable: dict[str, str] = {}
        self.results: list[Result] = []
        self.finished = False

    def go(self, child: Child) -> None:
        """Run what is left in this child, until it is done, hangs or dies."""
        child.order(
            {
                "folder": str(self._workspace.folder),
                "checks": str(self._workspace.checks),
                "functions": self._names[len(self.results) :],
                "unusable": self._unusable,
            }
        )
        doing: Event = {}
        while True:
            event = self._next(child, doing)
            kind = event["event"]
            if kind == "start":
                doing = event
            elif kind == "result":
                self._add(str(event["status"]), str(event["message"]), str(event["printed"]))
            elif kind in {"gone", "late", "done"}:
                self.finished = kind == "done" or not self._lost(str(kind), doing)
                return

    def _next(self, child: Child, doing: Event) -> Event:
        limit = self._runner.limit_s if doing else START_LIMIT_S
        try:
            while True:
                source, event = self._runner.events.get(timeout=limit)
                if source is None:
                    raise ChangedError
                if source is child:
                    return event
        except Empty:
            return {"event": "late"}

    def _lost(self, kind: str, doing: Event) -> bool:
        """Put down what a child was lost to; whether to go on with another one."""
        slow = f"does not finish within {self._runner.limit_s:g} seconds: an endless loop?"
        said = slow if kind == "late" else "stops Python altogether: os._exit(), or a crash?"
        if "module" in doing:
            self._unusable[str(doing["module"])] = f"loading it {said}"
            return True
        if "function" not in doing or len(self.results) == len(self._names):
            for _ in self._names[len(self.results) :]:
                self._add("crashed", "Python itself did not start: is numpy installed?")
            return False
        self._add("timeout" if kind == "late" else "crashed", f"{doing['function']} {said}")
        return len(self.results) < len(self._names)

    def _add(self, status: str, message: str, printed: str = "") -> None:
        name = self._names[len(self.results)]
        module = self._workspace.manifest.function(name).module
        self.results.append(Result(name, module, status, message, printed))
