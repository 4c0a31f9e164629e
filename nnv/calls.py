"""One call of a student's function in a self-check, and how to report on it.

A failure is a `SelfCheckError`; what it is about is its `status`:

    wrong         another value came back, or something was raised
    not_written   the stub still raises NotImplementedError
    waits         it calls another function, which is not written yet
    broken        the file does not load
    missing       the file has no such function
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from nnv import wording
from nnv.manifest import Function, manifest
from nnv.student_code import BrokenModuleError, MissingFunctionError, name_of, place_in

Status = Literal["wrong", "not_written", "waits", "broken", "missing"]
Checked = Callable[..., object]

NO_RETURN = "it gave None: is a return missing?"
SHOULD_RAISE = 'where the input makes no sense, write: raise ValueError("what is wrong with it")'
_LEFT_ALONE = "work on a new array or list instead of changing the one that was passed in"


class SelfCheckError(AssertionError):
    """A self-check that did not pass.

    Attributes:
        function: the function that was checked.
        status: what is the matter, see this module's docstring.
        message: at most eight lines to the student.
    """

    def __init__(self, function: str, status: Status, message: str) -> None:
        self.function = function
        self.status = status
        self.message = message
        super().__init__(message)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of a traceback."""
        return self.message.splitlines()


class DueError(Exception):
    """The student's function raised the ValueError that was due."""


class Call:
    """One call of a student's function, and how to report on it."""

    def __init__(
        self, function: Checked, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> None:
        self.name = name_of(function, manifest())
        self.hint = _known(self.name).hint if self.name in manifest().names else None
        self._function = function
        self._given = (list(args), dict(kwargs))
        # `given` goes to the student's function, `shown` stays as it was before the call.
        self._shown = copy.deepcopy(self._given)

    def result(self, due: str | None = None) -> object:
        """What the function gives; everything it raises becomes a SelfCheckError."""
        __tracebackhide__ = True
        args, kwargs = self._given
        try:
            with np.errstate(all="ignore"):
                return self._function(*args, **kwargs)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise self._raised(error, due) from None

    def wrong(self, lines: Sequence[str], hint: str | None) -> SelfCheckError:
        """An error that shows the call and these lines."""
        args, kwargs = self._shown
        text = wording.show_call(self.name, args, kwargs, _parameters(self._function))
        return SelfCheckError(self.name, "wrong", wording.assemble(text, lines, hint))

    def must_leave_arguments_alone(self) -> None:
        """Raise an error where the call has changed its arguments."""
        __tracebackhide__ = True
        before = [*self._shown[0], *self._shown[1].values()]
        after = [*self._given[0], *self._given[1].values()]
        for old, new in zip(before, after, strict=True):
            if not callable(old) and not _same(old, new):
                lines = [
                    "  gave the right value, but changed its argument",
                    f"  from      {wording.show(old)}",
                    f"  to        {wording.show(plain(new))}",
                ]
                raise self.wrong(lines, _LEFT_ALONE)

    def _raised(self, error: BaseException, due: str | None) -> BaseException:
        if isinstance(error, BrokenModuleError):
            return SelfCheckError(self.name, "broken", _broken_text(error))
        if isinstance(error, MissingFunctionError):
            return SelfCheckError(self.name, "missing", _missing_text(error))
        if isinstance(error, NotImplementedError):
            return self._not_written(error)
        if isinstance(error, ValueError) and due is not None:
            return DueError()
        file = _file_of(self._function)
        line, _ = place_in(file.parent, error.__traceback__) if file else (None, "")
        where = _file_where(error, file)
        lines = [wording.raised_line(type(error).__name__, str(error), where, line)]
        if due is not None:
            lines.append(f"  expected  {due}")
        return self.wrong(lines, SHOULD_RAISE if due else self.hint)

    def _not_written(self, error: NotImplementedError) -> SelfCheckError:
        other = str(error).partition(":")[0]
        if other != self.name and other in manifest().names:
            needed = _known(other)
            text = f"{self.name} calls {other}, which is not written yet ({needed.module}.py)"
            return SelfCheckError(self.name, "waits", text)
        if self.name not in manifest().names:
            return SelfCheckError(self.name, "not_written", f"{self.name} is not written yet")
        text = f"{self.name} is not written yet. {_known(self.name).next}"
        return SelfCheckError(self.name, "not_written", text)


def _known(name: str) -> Function:
    return manifest().function(name)


def _broken_text(error: BrokenModuleError) -> str:
    problem = error.problem
    lines = [
        f"{problem.module}.py does not load, so that nothing in it can be checked",
        f"  because   {problem.text}",
    ]
    if problem.line:
        source = f": {wording.clip(problem.source, 80)}" if problem.source else ""
        lines.append(f"  at line   {problem.line}{source}")
    return "\n".join(lines)


def _missing_text(error: MissingFunctionError) -> str:
    return (
        f"{error.module}.py has no function {error.function}; "
        f"write it as: def {error.function}(...), with exactly that name"
    )


@cache
def _parameters(function: Checked) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(function).parameters)
    except (ValueError, TypeError):
        return ()


def _file_of(function: Checked) -> Path | None:
    try:
        return Path(inspect.getfile(inspect.unwrap(function)))
    except TypeError:
        return None


def _file_where(error: BaseException, file: Path | None) -> str | None:
    """The name of the student's file that the error came from, the last one on its way."""
    trace, found = error.__traceback__, None
    while trace is not None and file is not None:
        name = Path(trace.tb_frame.f_code.co_filename)
        if name.parent == file.parent:
            # A notebook keeps each cell in a file of its own, whose name says nothing.
            found = "the cell" if name.parent.name.startswith("ipykernel_") else name.name
        trace = trace.tb_next
    return found


def plain(value: object) -> object:
    """The value without a subclass of its own: a matrix becomes an array."""
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    if type(value) is tuple or type(value) is list:
        return type(value)(plain(item) for item in value)
    return value


def _same(old: object, new: object) -> bool:
    if isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)):
        pairs = zip(old, new, strict=False)
        return len(old) == len(new) and all(_same(a, b) for a, b in pairs)
    if isinstance(old, np.ndarray):
        array: npt.NDArray[np.float64] = np.asarray(new)
        return np.array_equal(old, array)
    return bool(np.all(old == new))
