"""The process in which the self-checks run, so that a student's endless loop cannot stop `nnv`.

It loads numpy, says that it is ready, waits for one order on its input, runs the self-checks, and
writes what it finds as it goes: one JSON object a line. The parent is `nnv.runner`.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

import numpy as np  # noqa: F401  # loaded ahead, while nobody waits for it
import pytest  # noqa: F401  # self-checks may use it; likewise

from nnv import student_code
from nnv.manifest import Manifest, manifest
from nnv.results import Result, function_of
from nnv.selfcheck import SelfCheckError
from nnv.workspace import manifest_of

MOST_PRINTED = 4000
Check = Callable[[], object]


def main() -> None:
    """Say that all is loaded, wait for the order, run the self-checks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    manifest()
    say = _private_output()
    say({"event": "ready"})
    order = sys.stdin.readline()
    if not order:  # the parent is gone
        return
    sys.stdin = io.StringIO()
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    run(json.loads(order), say)
    say({"event": "done"})


def run(order: dict[str, object], say: Callable[[dict[str, object]], None]) -> None:
    """Load the modules and run the self-checks of the functions that are asked for.

    Args:
        order: ``folder`` of the modules, ``checks`` with the self-checks, ``functions`` to check,
            and ``unusable`` modules with the reasons why not to load them.
        say: takes events: ``start`` and ``result`` of a function or a module.
    """
    folder, checks = Path(str(order["folder"])), Path(str(order["checks"]))
    asked: list[str] = order["functions"]  # type: ignore[assignment]
    unusable: dict[str, str] = order["unusable"]  # type: ignore[assignment]
    known = manifest_of(folder)
    sys.dont_write_bytecode = True
    sys.path.append(str(folder))  # helper files of the student's own, after everything else
    student_code.install(folder, known, unusable)
    for module in known.modules:
        say({"event": "start", "module": module})
        _Printed().of(lambda module=module: importlib.import_module(f"exercises.{module}"))  # type: ignore[misc]
    tests = _tests(checks, known)
    for name in asked:
        say({"event": "start", "function": name})
        result = _check(name, known, tests.get(name, []))
        say({"event": "result", "status": result.status, "message": result.message,
             "printed": result.printed})  # fmt: skip


def _leave_with_parent() -> None:
    """End with the parent, however it ends: an endless loop must not outlive the terminal."""
    with suppress(OSError):
        os.read(0, 1)  # nothing is sent any more: it returns when the other side is gone
    os._exit(1)


def _private_output() -> Callable[[dict[str, object]], None]:
    """A channel that the student's print() cannot reach; file descriptor 1 leads nowhere now."""
    private = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def say(event: dict[str, object]) -> None:
        os.write(private, json.dumps(event).encode() + b"\n")

    return say


def _tests(checks: Path, known: Manifest) -> dict[str, list[Check]]:
    """The self-checks of each function, in the order in which they are written."""
    found: dict[str, list[Check]] = {}
    for module in known.modules:
        file = checks / f"test_{module}.py"
        try:
            named = list(_named_tests(file))
        except Exception as error:  # a student has edited it
            message = f"{file.name} does not load: {type(error).__name__}: {error}"
            named = [(f"test_{f.name}", _fails(message)) for f in known.of_module(module)]
        for name, test in named:
            function = function_of(name, known)
            if function is not None:
                found.setdefault(function.name, []).append(test)
    return found


def _named_tests(file: Path) -> Iterator[tuple[str, Check]]:
    if not file.is_file():
        return
    module = types.ModuleType(f"exercises.{file.stem}")
    module.__file__ = str(file)
    exec(compile(file.read_bytes(), str(file), "exec", dont_inherit=True), vars(module))
    for name, value in vars(module).items():
        if name.startswith("test_") and isinstance(value, types.FunctionType):
            yield name, value


def _fails(message: str) -> Check:
    def check() -> None:
        raise AssertionError(message)

    return check


def _check(name: str, known: Manifest, tests: list[Check]) -> Result:
    """Run a function's self-checks up to the first that does not pass."""
    module = known.function(name).module
    if not tests:
        return Result(name, module, "unchecked", "its self-check is not there")
    for test in tests:
        printed = _Printed()
        error = printed.of(test)
        if isinstance(error, SelfCheckError):
            return Result(name, module, error.status, error.message, printed.text())
        if error is not None:
            text = f"its self-check itself failed: {type(error).__name__}: {error}"
            return Result(name, module, "wrong", text, printed.text())
    return Result(name, module, "passed")


class _Printed:
    """What is printed while something runs, up to a limit."""

    def __init__(self) -> None:
        self._output = _Limited()

    def of(self, call: Check) -> BaseException | None:
        """Run something; what it raises, if anything."""
        try:
            with redirect_stdout(self._output), redirect_stderr(self._output):
                call()
        except BaseException as error:
            return error
        return None

    def text(self) -> str:
        """What was printed."""
        return self._output.getvalue()


class _Limited(io.StringIO):
    def write(self, text: str) -> int:
        super().write(text[: max(0, MOST_PRINTED - self.tell())])
        return len(text)
