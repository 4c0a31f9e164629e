"""Named wrong versions of the functions, as students really write them.

A module here is named after its exercise module and registers each wrong version with the
decorator, the more general ones first: where two fit a student's outputs, the first is named.

    @misconception("dense", "forgets-bias", "behaves like a layer that forgets the bias")
    def forgets_bias(x, W, b, activation=relu): ...
"""

import importlib
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

Implementation = TypeVar("Implementation", bound=Callable[..., Any])

_OPENING = re.compile(r"behaves like an? \w")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Misconception:
    """One wrong version of a function.

    Attributes:
        function: the graded function that it stands in for, such as "dense".
        id: its name in results, lower case with hyphens, unique within the function.
        text: what a student is told; starts with "behaves like a".
        implementation: takes the function's arguments and gives the wrong result.
    """

    function: str
    id: str
    text: str
    implementation: Callable[..., Any]


_registered: dict[str, dict[str, Misconception]] = {}


def misconception(function: str, id: str, text: str) -> Callable[[Implementation], Implementation]:  # noqa: A002
    """Register the decorated wrong version of a function.

    Args:
        function: name of the graded function.
        id: its name in results, lower case with hyphens.
        text: what it does, as in "behaves like a layer that forgets the bias".

    Returns:
        A decorator that gives the decorated function back as it is.

    Raises:
        ValueError: the id or the text is not written as it must be, or the id is taken.
    """
    if not _ID.fullmatch(id):
        raise ValueError(f"{function}: misconception {id!r}: write lower-case words with hyphens")
    if not _OPENING.match(text):
        raise ValueError(f"{function}: misconception {id!r}: start its text with 'behaves like a'")

    def register(implementation: Implementation) -> Implementation:
        known = _registered.setdefault(function, {})
        if id in known:
            raise ValueError(f"{function}: misconception {id!r} is registered twice: rename one")
        known[id] = Misconception(function, id, text, implementation)
        return implementation

    return register


@cache
def _load_all() -> None:
    """Import every module of this package, so that each has registered its wrong versions."""
    for module in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"{__name__}.{module}")


def of(function: str) -> tuple[Misconception, ...]:
    """Give the misconceptions of a function, the more general first (none for an unknown one)."""
    _load_all()
    return tuple(_registered.get(function, {}).values())


def functions() -> tuple[str, ...]:
    """Give the names of all functions that have misconceptions."""
    _load_all()
    return tuple(_registered)
