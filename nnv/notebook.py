"""The self-checks inside a notebook: ``check("relu")`` under the cell that defines relu.

What is in the notebook is checked, by the same self-checks that ``pytest`` runs on the modules. A
function that passes gets a green line and, where one helps, a picture; any other gets the message
of its first self-check that fails.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nnv.calls import SelfCheckError
from nnv.manifest import Function, Manifest, manifest
from nnv.results import function_of
from nnv.workspace import original_exercises

__all__ = ["check"]

_GREEN, _PLAIN = "\x1b[1;32m", "\x1b[0m"


def check(name: str) -> None:
    """Run the self-checks of a function on what the notebook defines.

    Args:
        name: the function, such as ``"relu"``.

    Raises:
        SelfCheckError: a self-check does not pass; its message says what came back and what was
            expected.
    """
    __tracebackhide__ = True
    known = manifest()
    defined = vars(sys.modules["__main__"])
    function = _known(name, known)
    if not callable(defined.get(name)):
        text = f"There is no function {name} yet: run the cell above, in which it is written."
        raise SelfCheckError(name, "missing", text)
    with _as_modules(defined, known):
        tests = _tests(function, known)
        for test in tests:
            _run(test, function, defined, known)
    print(f"{_GREEN}✓ {name}: all {len(tests)} self-checks pass.{_PLAIN}")
    _show_picture(name, defined)


def _known(name: str, known: Manifest) -> Function:
    if name not in known.names:
        raise ValueError(f"no function {name!r} to check; there are {', '.join(known.names)}")
    return known.function(name)


def _run(
    test: Callable[[], object],
    function: Function,
    defined: Mapping[str, object],
    known: Manifest,
) -> None:
    __tracebackhide__ = True
    try:
        test()
    except SelfCheckError as error:
        other = _unwritten_helper(function.name, defined, known)
        if error.status == "not_written" and other is not None:
            text = f"{function.name} calls {other}, which is not written yet."
            raise SelfCheckError(function.name, "waits", text) from None
        raise SelfCheckError(error.function, error.status, _here(error.message, function)) from None


def _here(message: str, function: Function) -> str:
    """A message that speaks of this notebook, where it speaks of a file of the exercises."""
    opened = f"Open exercises/{function.module}.py and "
    return message.replace(opened, "In the cell above, ").replace(
        f"Open exercises/{function.module}.py, ", "In the cell above, "
    )


def _unwritten_helper(name: str, defined: Mapping[str, object], known: Manifest) -> str | None:
    """The function that this one calls and that is still a stub, where it is none itself."""
    if _is_stub(defined.get(name)):
        return None
    used = getattr(getattr(defined.get(name), "__code__", None), "co_names", ())
    given = getattr(defined.get(name), "__defaults__", None) or ()
    for other in known.names:
        function = defined.get(other)
        if other != name and _is_stub(function) and (other in used or function in given):
            return other
    return None


def _is_stub(function: object) -> bool:
    return "NotImplementedError" in getattr(getattr(function, "__code__", None), "co_names", ())


@contextmanager
def _as_modules(defined: Mapping[str, object], known: Manifest) -> Iterator[None]:
    """Let ``exercises.relu`` and the others mean what the notebook defines, for a while."""
    package = types.ModuleType("exercises")
    package.__path__ = []
    modules = {"exercises": package}
    for name in known.modules:
        modules[f"exercises.{name}"] = module = types.ModuleType(f"exercises.{name}")
        for function in known.of_module(name):
            value = defined.get(function.name)
            setattr(module, function.name, value if callable(value) else _absent(function.name))
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, old in before.items():
            if old is None:
                del sys.modules[name]
            else:
                sys.modules[name] = old


def _absent(name: str) -> Callable[..., object]:
    def function(*_args: object, **_kwargs: object) -> object:
        raise NameError(f"name {name!r} is not defined: run the cell in which it is written")

    function.__name__ = name
    return function


def _tests(function: Function, known: Manifest) -> list[Callable[[], object]]:
    """The function's self-checks, in the order in which they are written."""
    folder = original_exercises()
    file = (folder or Path()) / f"test_{function.module}.py"
    if not file.is_file():
        raise FileNotFoundError(
            f"{file.name} is not there: keep the folder nnv beside this notebook as it was "
            "handed out, or install the student edition"
        )
    module = types.ModuleType(f"exercises.{file.stem}")
    exec(compile(file.read_bytes(), str(file), "exec", dont_inherit=True), vars(module))
    return [
        value
        for name, value in vars(module).items()
        if isinstance(value, types.FunctionType)
        and name.startswith("test_")
        and function_of(name, known) == function
    ]


def _show_picture(name: str, defined: Mapping[str, object]) -> None:
    """Draw what the function does, where a front end can show it; never a reason to fail."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "kernel"):
        return
    from nnv import pictures

    made = pictures.of(name, defined)
    if made is not None:
        ipython.display.display(made, raw=True)  # type: ignore[union-attr]
