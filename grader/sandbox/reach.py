"""Which other exercise functions a student's function can reach.

Names, constants, defaults, closures, helpers and classes are followed; where it is unclear (`eval`,
`globals()`, `getattr`), all are taken to be reached. The result is a hint: it saves running a
function again with references that it cannot call.
"""

from __future__ import annotations

import functools
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from grader.sandbox.student_code import Missing, StudentCode

_UNCLEAR = frozenset({"eval", "exec", "globals", "locals", "vars", "__import__", "import_module"})
_MAX_STEPS = 5_000


def reaches(code: StudentCode, found: dict[str, Any]) -> dict[str, list[str]]:
    """For each function that is there, the sorted names of the others that it can reach."""
    walk = _Walk(code, found)
    return {name: sorted(walk.from_(function) - {name}) for name, function in found.items()}


class _Walk:
    def __init__(self, code: StudentCode, found: dict[str, Any]) -> None:
        self._names = frozenset(code.functions)
        self._modules = {id(module.__dict__) for module in code.modules.values()}
        self._known = {id(function): name for name, function in found.items()}
        self._found = found

    def from_(self, start: Any) -> set[str]:
        """The names that are reached from an object."""
        reached: set[str] = set()
        seen: set[int] = set()
        todo = [start]
        while todo:
            value = todo.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            if len(seen) > _MAX_STEPS:
                return set(self._names)
            name = self._known.get(id(value))
            if type(value) is Missing:
                name = value.__name__
                todo.append(self._found.get(name))
            if name in self._names:
                reached.add(name)
            try:
                todo += self._next(value, reached)
            except Exception:  # an object that resists being looked at
                return set(self._names)
        return reached

    def _next(self, value: Any, reached: set[str]) -> list[Any]:
        """What an object leads to; names that its code writes are reached at once."""
        kind = type(value)
        if kind is FunctionType:
            return self._of_function(value, reached)
        if kind is dict:
            return list(value.values()) if id(value) not in self._modules else []
        if kind in (list, tuple, set, frozenset):
            return list(value)
        if kind is functools.partial:
            return [value.func, value.args, value.keywords]
        if kind is MethodType:
            return [value.__func__, value.__self__]
        if isinstance(value, type):
            return [] if _is_foreign(value) else [*vars(value).values(), *value.__mro__[1:]]
        if kind in (int, float, str, bool, type(None), ModuleType) or _is_foreign(kind):
            return [value.__wrapped__] if hasattr(value, "__wrapped__") else []
        return [kind, *vars(value).values()] if hasattr(value, "__dict__") else [kind]

    def _of_function(self, function: FunctionType, reached: set[str]) -> list[Any]:
        names = _names_in(function.__code__)
        if names & _UNCLEAR:
            reached |= self._names
        todo: list[Any] = [function.__defaults__, function.__kwdefaults__, function.__dict__]
        for cell in function.__closure__ or ():
            try:
                todo.append(cell.cell_contents)
            except ValueError:  # not filled yet
                continue
        for name in names:
            if name in self._names:
                reached.add(name)
                todo.append(self._found.get(name))
            if name in function.__globals__:
                todo.append(function.__globals__[name])
        return todo


def _is_foreign(kind: type) -> bool:
    """Whether a type is of the standard library or numpy and so leads nowhere."""
    module = kind.__module__
    return not (isinstance(module, str) and module.startswith(("exercises", "__main__")))


def _names_in(code: CodeType) -> set[str]:
    """The names and strings that code, and code within it, writes."""
    names = set(code.co_names) | set(code.co_freevars)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _names_in(constant)
        elif isinstance(constant, str):
            names.add(constant)
    return names
