"""Packages that are not there: importing one costs nothing, using one raises.

Plots at the top of a file should not cost a student the functions below them. So what a module does
with such a package while it loads is let through, a decorator from one leaves its function as it
is, and only a call from within a function raises `ModuleNotFoundError`. An import inside ``try``
raises at once, as it would on a machine without the package.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

# Parts of the standard library that need a screen, a terminal or files that are out of reach.
_NOT_FOR_GUESTS = frozenset(
    {"tkinter", "turtle", "turtledemo", "idlelib", "curses", "readline", "sqlite3", "dbm"}
)
_frame = sys._getframe


def _raise(name: str) -> Any:
    package = name.partition(".")[0]
    raise ModuleNotFoundError(f"No module named {package!r}", name=package)


def _is_loading(frame: FrameType) -> bool:
    return frame.f_code.co_name == "<module>"


class Absent:
    """Something of a package that is not there."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Absent(f"{self._name}.{attribute}")

    def __setattr__(self, attribute: str, value: object) -> None:
        """Take a setting and forget it."""

    def __setitem__(self, key: object, value: object) -> None:
        """Take a setting and forget it."""

    def __getitem__(self, key: object) -> Absent:
        return self

    def __or__(self, other: object) -> Absent:
        return self

    __ror__ = __or__

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return ()

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """Raise, but for a decorator and for what a module does while it loads."""
        if len(args) == 1 and not kwargs and isinstance(args[0], FunctionType | type):
            return args[0]  # a decorator
        if _is_loading(_frame(1)):
            return Absent(f"{self._name}()")
        return _raise(self._name)

    def __enter__(self) -> Any:
        return self if _is_loading(_frame(1)) else _raise(self._name)

    def __exit__(self, *exc: object) -> None:
        """Leave what could only be entered while loading."""

    def __iter__(self) -> Any:
        return iter((Absent("_"), Absent("_"))) if _is_loading(_frame(1)) else _raise(self._name)

    def __repr__(self) -> str:
        return f"<{self._name}: not installed>"


class AbsentModule(ModuleType):
    """A module of such a package."""

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Absent(f"{self.__name__}.{attribute}")


class AbsentFinder:
    """Finds, after all others have not, every package that is not there."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Give an empty package, or None where the import is to fail."""
        top = name.partition(".")[0]
        if top.startswith("_") or top == "numpy":
            return None
        if top in sys.stdlib_module_names and top not in _NOT_FOR_GUESTS:
            return None
        return None if _is_guarded(_importer()) else _spec(name, self)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the empty module."""
        return AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Run nothing."""


class HiddenFinder:
    """Asked first: keeps parts of the standard library that cannot work here from being tried."""

    def __init__(self, absent: AbsentFinder) -> None:
        self._absent = absent

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Give an empty package for those, None for all else."""
        if name.partition(".")[0] not in _NOT_FOR_GUESTS:
            return None
        if _is_guarded(_importer()):
            _raise(name)
        return self._absent.find_spec(name, path, target)


def _spec(name: str, loader: Any) -> ModuleSpec:
    return ModuleSpec(name, loader, is_package=True)


def _importer() -> FrameType | None:
    """The frame whose import statement asks, past those of the import system."""
    frame: FrameType | None = _frame(2)
    while frame is not None and frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame


def _is_guarded(frame: FrameType | None) -> bool:
    """Whether the statement that runs there stands within a ``try`` of its function or module."""
    if frame is None or not frame.f_code.co_exceptiontable:
        return False
    return any(start <= frame.f_lasti < end for start, end in _handled(frame.f_code))


def _handled(code: CodeType) -> list[tuple[int, int]]:
    """The ranges of a code object that have a handler (Objects/exception_handling_notes.txt)."""
    ranges: list[tuple[int, int]] = []
    numbers: list[int] = []
    value = 0
    for byte in code.co_exceptiontable:
        value = (0 if byte & 128 else value << 6) | (byte & 63)
        if byte & 64:
            continue
        numbers.append(value)
        value = 0
        if len(numbers) == 4:
            ranges.append((2 * numbers[0], 2 * (numbers[0] + numbers[1])))
            numbers = []
    return ranges
