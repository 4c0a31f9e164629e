"""Makes the student's modules importable, whatever state they are in.

``exercises.relu``, and plain ``relu`` where a student imports it so, both mean the one file in the
student's folder. A file that does not load (a missing colon, an unknown name) becomes a module
whose functions say so when they are called: what is in the other files can still be checked. The
same holds for a function that is not in its file.

Sources are compiled anew each time. Python's own cache goes by size and whole seconds, so that it
takes a file that was saved twice in a second for unchanged.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import traceback
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nnv.manifest import Manifest

PACKAGE = "exercises"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file of the student's does not load.

    Attributes:
        module: the module; its file is ``<module>.py``.
        text: what Python says, such as ``SyntaxError: expected ':'``.
        line: the line of that file, where one is known.
        source: what stands in that line.
    """

    module: str
    text: str
    line: int | None = None
    source: str = ""

    def __str__(self) -> str:
        place = f", line {self.line}" if self.line else ""
        return f"{self.module}.py{place}: {self.text}"


class BrokenModuleError(Exception):
    """A function was called whose file does not load."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class MissingFunctionError(Exception):
    """A function was called that is not in its file."""

    def __init__(self, module: str, function: str) -> None:
        self.module = module
        self.function = function
        super().__init__(f"{module}.py has no function {function}")


def install(folder: Path, manifest: Manifest, unusable: Mapping[str, str] | None = None) -> None:
    """Let ``exercises.<module>`` and ``<module>`` mean the files in this folder, from now on.

    Args:
        folder: where the student's modules lie.
        manifest: which modules and functions there should be.
        unusable: modules that must not be loaded, each with the reason.
    """
    finder = _Finder(folder, manifest, dict(unusable or {}))
    sys.meta_path.insert(0, finder)
    for name in [*manifest.modules, *(f"{PACKAGE}.{module}" for module in manifest.modules)]:
        sys.modules.pop(name, None)
    package = sys.modules.get(PACKAGE)
    if package is None or str(folder) not in list(getattr(package, "__path__", ())):
        package = types.ModuleType(PACKAGE)
        package.__path__ = [str(folder)]
        sys.modules[PACKAGE] = package


def name_of(function: object, manifest: Manifest) -> str:
    """The manifest's name of a function, also where the student's file made it with a lambda."""
    for known in manifest.functions:
        module = sys.modules.get(f"{PACKAGE}.{known.module}")
        if module is not None and vars(module).get(known.name) is function:
            return known.name
    return str(getattr(function, "__name__", type(function).__name__))


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, folder: Path, manifest: Manifest, unusable: Mapping[str, str]) -> None:
        self._folder = folder
        self._manifest = manifest
        self._unusable = unusable

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Answer for the manifest's modules alone."""
        module = fullname.removeprefix(f"{PACKAGE}.")
        if module not in self._manifest.modules:
            return None
        if module == fullname:
            return importlib.util.spec_from_loader(fullname, _Alias(module))
        file = self._folder / f"{module}.py"
        loader = _Loader(fullname, file, self._manifest, self._unusable.get(module))
        return importlib.util.spec_from_file_location(fullname, file, loader=loader)


class _Alias(importlib.abc.Loader):
    """``import relu`` is ``import exercises.relu``: one file, one module."""

    def __init__(self, module: str) -> None:
        self._module = module

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return importlib.import_module(f"{PACKAGE}.{self._module}")

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing is left to do: the module was loaded under its full name."""


class _Loader(importlib.abc.Loader):
    def __init__(self, name: str, file: Path, manifest: Manifest, unusable: str | None) -> None:
        self._module = name.removeprefix(f"{PACKAGE}.")
        self._file = file
        self._manifest = manifest
        self._unusable = unusable

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Python's own module object will do."""

    def exec_module(self, module: types.ModuleType) -> None:
        problem = self._load(module)
        names = [function.name for function in self._manifest.of_module(self._module)]
        if problem is None:
            for name in names:
                if not callable(vars(module).get(name)):
                    setattr(module, name, _raiser(MissingFunctionError(self._module, name), name))
            return
        for name in names:
            setattr(module, name, _raiser(BrokenModuleError(problem), name))
        module.__dict__["__getattr__"] = _any_name(problem)

    def _load(self, module: types.ModuleType) -> Problem | None:
        if self._unusable is not None:
            return Problem(self._module, self._unusable)
        try:
            source = self._file.read_bytes()
        except OSError:
            return Problem(self._module, f"there is no {self._file.name} in {self._file.parent}")
        try:
            exec(compile(source, str(self._file), "exec", dont_inherit=True), vars(module))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return _problem(self._module, self._file, error)
        return None


def _raiser(error: Exception, name: str) -> Callable[..., object]:
    def placeholder(*_args: object, **_kwargs: object) -> object:
        raise error

    placeholder.__name__ = name
    return placeholder


def _any_name(problem: Problem) -> Callable[[str], object]:
    """A module's ``__getattr__``, so that ``from exercises.relu import my_helper`` goes through."""

    def getattr_(name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return _raiser(BrokenModuleError(problem), name)

    return getattr_


def _problem(module: str, file: Path, error: BaseException) -> Problem:
    if isinstance(error, SyntaxError) and error.filename == str(file):
        text = f"{type(error).__name__}: {error.msg}"
        return Problem(module, text, error.lineno, (error.text or "").strip())
    line, source = place_in(file.parent, error.__traceback__, only=file)
    return Problem(module, f"{type(error).__name__}: {error}", line, source)


def place_in(
    folder: Path, trace: types.TracebackType | None, only: Path | None = None
) -> tuple[int | None, str]:
    """The last line of the student's own code that a traceback went through, and its text."""
    frames = traceback.extract_tb(trace)
    for frame in reversed(frames):
        file = Path(frame.filename)
        if file == only or (only is None and file.parent == folder):
            return frame.lineno, frame.line or ""
    return None, ""
