"""Putting the reference in a student's function's place, wherever the student's code has it.

A Python function is replaced by giving the very same object other code, so that every name,
default, closure, partial and class attribute that holds it calls the reference from then on.
Objects of other types are exchanged wherever the garbage collector knows them to be held.

The reference is loaded as one function alone: other exercise functions are, by name, the student's
own (or those that are replaced as well), so that no other reference can be reached from it.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Mapping
from types import CellType, FunctionType, ModuleType
from typing import Any

import numpy as np

from grader.sandbox.student_code import Missing, StudentCode


def replace(code: StudentCode, sources: Mapping[str, str], called: set[str]) -> None:
    """Put references in place of a student's functions.

    Args:
        code: the loaded submission; its `replaced` is filled.
        sources: function to the source of its reference alone.
        called: takes the name of each of them that is called.
    """
    own = {name: code.own(name) for name in code.functions}
    namespaces = []
    for name in [n for n in code.functions if n in sources]:
        namespace = _namespace(code)
        exec(compile(sources[name], "<reference>", "exec", dont_inherit=True), namespace)
        code.replaced[name] = _recorded(name, namespace[name], called)
        namespaces.append((name, namespace))
    _keep_apart(code, own)
    for name, namespace in namespaces:
        namespace.update({n: f for n, f in _namespace(code).items() if n not in {name, "np"}})
    for name, reference in code.replaced.items():
        _put(code, name, own[name], reference)


def _namespace(code: StudentCode) -> dict[str, Any]:
    others = {name: code.function(name) or code.missing(name) for name in code.functions}
    return {"__name__": "reference", "np": np, **others}


def _recorded(name: str, reference: Callable[..., Any], called: set[str]) -> Callable[..., Any]:
    @functools.wraps(reference)
    def recorded(*args: Any, **kwargs: Any) -> Any:
        called.add(name)
        return reference(*args, **kwargs)

    return recorded


def _keep_apart(code: StudentCode, own: dict[str, Any]) -> None:
    """Give a function of two names a twin where only one of the names is replaced."""
    gone = {id(own[name]) for name in code.replaced if own[name] is not None}
    for name, function in own.items():
        if name in code.replaced or id(function) not in gone:
            continue
        if isinstance(function, FunctionType):
            twin = _twin(function)
            for module in code.modules.values():
                if module.__dict__.get(name) is function:
                    module.__dict__[name] = twin
            own[name] = twin


def _twin(function: FunctionType) -> FunctionType:
    twin = FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    twin.__kwdefaults__ = function.__kwdefaults__
    return twin


def _put(code: StudentCode, name: str, old: Any, reference: Callable[..., Any]) -> None:
    if isinstance(old, FunctionType):
        _give_other_code(old, reference)
        return
    if old is not None:
        _exchange(old, reference)
    for module in code.modules.values():
        if _is_useless(module.__dict__.get(name, module)):
            module.__dict__[name] = reference


def _is_useless(value: Any) -> bool:
    """Whether a name holds a stand-in, or something that is no function and no module either."""
    return type(value) is Missing or not (callable(value) or isinstance(value, ModuleType))


def _call_reference(*args: Any, _reference: Callable[..., Any], **kwargs: Any) -> Any:
    return _reference(*args, **kwargs)


def _give_other_code(function: FunctionType, reference: Callable[..., Any]) -> None:
    free = function.__code__.co_freevars  # a function's code must have as many as its closure
    function.__code__ = _call_reference.__code__.replace(co_freevars=free)
    function.__defaults__ = None
    function.__kwdefaults__ = {"_reference": reference}


def _exchange(old: Any, new: Any) -> None:
    """Exchange an object wherever it is held, as far as that can be done."""
    for holder in gc.get_referrers(old):
        _exchange_in(holder, old, new)


def _exchange_in(holder: Any, old: Any, new: Any) -> None:
    kind = type(holder)
    if kind is list:
        holder[:] = [new if value is old else value for value in holder]
    elif kind is CellType:
        holder.cell_contents = new
    elif kind is tuple:
        _exchange(holder, tuple(new if value is old else value for value in holder))
    elif kind is FunctionType and holder.__defaults__ is old:
        holder.__defaults__ = new
    elif kind is functools.partial:
        _exchange_in_partial(holder, old, new)
    else:
        names = holder if kind is dict else getattr(holder, "__dict__", {})
        for key in [key for key, value in names.items() if value is old]:
            if kind is dict:
                holder[key] = new
            else:
                setattr(holder, key, new)


def _exchange_in_partial(holder: Any, old: Any, new: Any) -> None:
    function = new if holder.func is old else holder.func
    args = new if holder.args is old else holder.args
    holder.__setstate__((function, args, holder.keywords, vars(holder)))
