"""A student's sources as modules of a package, each loaded on its own.

``from exercises.relu import relu``, ``from .relu import relu`` and ``from relu import relu`` give
the same module. One that fails while it loads keeps what it had defined by then. An exercise
function that is not there can be imported all the same: a stand-in takes its place, which finds the
function when it is called, or raises.
"""

from __future__ import annotations

import ast
import builtins
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType, TracebackType
from typing import Any

from grader.sandbox.page import Page

PACKAGE = "exercises"
MAX_MESSAGE = 300
_AGAIN_S = 0.2  # a module that catches the interrupt is interrupted again

# Taken now, out of a student's reach.
_compile, _exec, _monotonic = compile, exec, time.monotonic
_setitimer, _ITIMER = signal.setitimer, signal.ITIMER_REAL


class LoadTimeout(BaseException):
    """Raised within a module that takes too long to load."""


class MissingFunctionError(ImportError):
    """A function was called that the submission does not have."""


class Missing:
    """Stands in for something that was imported before, or without ever, being defined."""

    def __init__(self, name: str, code: StudentCode) -> None:
        self.__name__ = name
        self._code = code

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function that is there by now."""
        function = self._code.function(self.__name__)
        if function is None:
            raise MissingFunctionError(f"{self.__name__} is not defined in this submission")
        return function(*args, **kwargs)


class StudentCode:
    """The sources of one submission, loaded into this process.

    Attributes:
        modules: the modules by name; a notebook has one, ``__main__``.
        problems: what did not load whole: where, kind, message, line.
        cuts: for a source that was stopped, the line from which on it does not run.
        functions: the module in which each exercise function belongs.
        replaced: functions that others call in place of the student's.
        codes: what was compiled, by source and cut, for `again`.
    """

    def __init__(
        self,
        kind: str,
        sources: Sequence[tuple[str, bytes]],
        functions: Mapping[str, str],
        page: Page,
        cuts: Mapping[str, int],
        load_s: float,
        load_all_s: float,
    ) -> None:
        self.modules: dict[str, ModuleType] = {}
        self.problems: list[tuple[str, str, str, int | None]] = []
        self.cuts = dict(cuts)
        self.functions = functions
        self.replaced: dict[str, Any] = {}
        self.codes: dict[tuple[str, int | None], Any] = {}
        self._displaced: dict[str, ModuleType | None] = {}
        self._kind = kind
        self._sources = dict(sources)
        self._order = {name: index for index, name in enumerate(self._sources)}
        self._page = page
        self._load_s = load_s
        self._load_all_s = load_all_s
        self._until = _monotonic() + load_all_s
        self._running: list[str] = []
        self._done: set[str] = set()
        self._missing: dict[str, Missing] = {}
        self.files = {self.file_of(name): name for name in self._sources}

    def file_of(self, name: str) -> str:
        """What a traceback calls a source."""
        return name if self._kind == "notebook" else f"{name}.py"

    def load(self) -> None:
        """Run all sources."""
        signal.signal(signal.SIGALRM, self._interrupt)
        self._make_package()
        if self._kind == "notebook":
            main = self.modules["__main__"] = ModuleType("__main__")
            main.__dict__.update(_NOTEBOOK)
            self._put("__main__", main)
            for name in self._sources:
                self._run(name, main)
        else:
            for name in self._sources:
                self._import(name)
        self._page.enter_source(-1)

    def again(self) -> StudentCode:
        """The same sources, to be loaded once more: into new modules, and not compiled again."""
        for name, module in self._displaced.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]
        fresh = StudentCode(
            self._kind,
            list(self._sources.items()),
            self.functions,
            self._page,
            self.cuts,
            self._load_s,
            self._load_all_s,
        )
        fresh.codes = self.codes
        return fresh

    def function(self, name: str) -> Any:
        """The function of that name that others are to call, or None."""
        replaced = self.replaced.get(name)
        return self.own(name) if replaced is None else replaced

    def own(self, name: str) -> Any:
        """The student's own function of that name, or None: first from its own module."""
        home = self.modules.get(self.functions.get(name, ""))
        for module in (home, *self.modules.values()):
            value = None if module is None else module.__dict__.get(name)
            if callable(value) and type(value) is not Missing:
                return value
        return None

    def missing(self, name: str) -> Missing:
        """What stands in for a name that is not there."""
        if name not in self._missing:
            self._missing[name] = Missing(name, self)
        return self._missing[name]

    # -- as a finder and loader of modules ------------------------------------------------------

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a student's module under any of its names."""
        package, _, short = name.rpartition(".")
        if package not in {"", PACKAGE} or not self._knows(short, package):
            return None
        return _spec(short, self)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make a module, known by all its names before it runs."""
        short = spec.name.rpartition(".")[2]
        module = ModuleType(spec.name)
        module.__package__ = PACKAGE
        module.__file__ = f"{short}.py"
        module.__dict__["__getattr__"] = self._stand_in(short)
        self.modules[short] = module
        self._put(spec.name, module)
        self._put(short, module)
        setattr(sys.modules[PACKAGE], short, module)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's source, as far as it goes."""
        short = module.__name__.rpartition(".")[2]
        if short in self._sources and self._kind == "modules":
            self._run(short, module)

    def _knows(self, short: str, package: str) -> bool:
        if self._kind == "modules" and short in self._sources:
            return True
        return short in self.functions.values() and (package == PACKAGE or short not in sys.modules)

    def _make_package(self) -> None:
        package = ModuleType(PACKAGE)
        package.__path__ = []
        package.__package__ = PACKAGE
        package.__file__ = "__init__.py"
        package.__spec__ = ModuleSpec(PACKAGE, None, is_package=True)
        self._put(PACKAGE, package)
        sys.meta_path.insert(0, self)
        if self._kind == "modules" and "__init__" in self._sources:
            self._run("__init__", package)

    def _put(self, name: str, module: ModuleType) -> None:
        """Make a module known by a name."""
        self._displaced.setdefault(name, sys.modules.get(name))
        sys.modules[name] = module

    def _import(self, name: str) -> None:
        full = f"{PACKAGE}.{name}"
        if full in sys.modules or name == "__init__":
            return
        spec = _spec(name, self)
        module = self.create_module(spec)
        module.__spec__ = spec
        module.__loader__ = self  # type: ignore[assignment]
        self.exec_module(module)

    def _stand_in(self, short: str) -> Any:
        def __getattr__(name: str) -> Any:  # noqa: N807
            unfinished = short not in self._done and not name.startswith("__")
            if name in self.functions or unfinished:
                return self.missing(name)
            raise AttributeError(f"module {PACKAGE + '.' + short!r} has no attribute {name!r}")

        return __getattr__

    # -- running a source -----------------------------------------------------------------------

    def _run(self, name: str, module: ModuleType) -> None:
        self._page.enter_source(self._order[name])
        self._running.append(name)
        try:
            self._start_timer()
            _exec(self._compiled(name), module.__dict__)
            self._running.pop()
            self._done.add(name)
        except LoadTimeout as error:
            self._running.pop()
            self._stopped(name, error)
        except BaseException as error:
            self._running.pop()
            self._failed(name, error)
        finally:
            _setitimer(_ITIMER, 0)
            if self._running:
                self._start_timer()
                self._page.enter_source(self._order[self._running[-1]])

    def _start_timer(self) -> None:
        """Have the source that runs now stopped after its time, or what is left of all time."""
        left = self._until - _monotonic()
        _setitimer(_ITIMER, min(self._load_s, max(left, self._load_s / 10)), _AGAIN_S)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._running:
            raise LoadTimeout

    def _compiled(self, name: str) -> Any:
        cut = self.cuts.get(name)
        if cut:
            self._note_cut(name, cut)
        if (name, cut) not in self.codes:
            self.codes[name, cut] = self._compile(name, cut)
        return self.codes[name, cut]

    def _compile(self, name: str, cut: int | None) -> Any:
        source = self._sources[name]
        if cut is None:
            return _compile(source, self.file_of(name), "exec", dont_inherit=True)
        if cut == 0:  # it ended a process before this one, as the grader knows
            return _compile("", self.file_of(name), "exec", dont_inherit=True)
        tree = ast.parse(source)
        tree.body = [node for node in tree.body if node.lineno < cut]
        return _compile(tree, self.file_of(name), "exec", dont_inherit=True)

    def _stopped(self, name: str, error: BaseException) -> None:
        line = self._line(name, error.__traceback__, innermost=False)
        starts = [node.lineno for node in ast.parse(self._sources[name]).body]
        cut = max((start for start in starts if line is None or start <= line), default=1)
        self.cuts[name] = cut
        self._note_cut(name, cut)

    def _note_cut(self, name: str, cut: int) -> None:
        took = f"took longer than {self._load_s:g} s to load"
        self.problems.append((name, "timeout", f"{took} and was stopped at line {cut}", cut))

    def _failed(self, name: str, error: BaseException) -> None:
        if isinstance(error, SyntaxError):
            line, message = error.lineno, _text(error.msg)
        else:
            line = self._line(name, error.__traceback__, innermost=True)
            message = _text(error)
        self.problems.append((name, type(error).__name__, message, line))

    def _line(self, name: str, trace: TracebackType | None, *, innermost: bool) -> int | None:
        line = None
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.file_of(name):
                if not innermost:
                    return trace.tb_lineno
                line = trace.tb_lineno
            trace = trace.tb_next
        return line


def _spec(short: str, loader: Any) -> ModuleSpec:
    return ModuleSpec(f"{PACKAGE}.{short}", loader, origin=f"{short}.py")


def _text(value: object) -> str:
    try:
        return str(value)[:MAX_MESSAGE]
    except BaseException:  # a student's __str__
        return ""


class _Shell:
    """What `get_ipython()` gives: takes every call and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing


def _nothing(*args: object, **kwargs: object) -> None:
    return None


_NOTEBOOK: dict[str, Any] = {
    "__builtins__": builtins,
    "display": _nothing,
    "get_ipython": _Shell,
    "In": [],
    "Out": {},
}
