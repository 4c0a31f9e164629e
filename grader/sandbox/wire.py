"""Plain data as bytes: all that ever crosses the pipe to a student's process.

msgpack carries None, truth values, numbers, text, lists and dicts with text as keys; extension
types carry arrays, numpy scalars, tuples, whole numbers of any size, complex numbers, fractions,
decimals and activations by name. Whatever else a student returns travels as its type's name alone.

Both sides use this module, and the grader's side trusts nothing that it decodes: bytes that are not
plain data within the limits raise `WireError`, in bounded time and memory, and nothing else does.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from typing import Any

import msgpack

from grader.sandbox.activations import FUNCTIONS, Named
from grader.sandbox.wire_format import MAX_ITEMS, TIMES, Opaque, WireError
from grader.sandbox.wire_read import decode
from grader.sandbox.wire_write import encode, encode_trusted

__all__ = [
    "MAX_ITEMS",
    "Opaque",
    "Repeated",
    "WireError",
    "decode",
    "decode_calls",
    "encode",
    "encode_calls",
    "encode_trusted",
    "with_activations",
]


class Repeated(list[Any]):
    """A list that is the same part several times over; as an argument it crosses the pipe once.

    Whoever gets it has a plain list, in which the parts' entries are the very same objects.
    """

    def __init__(self, part: Iterable[Any], times: int) -> None:
        """Repeat a part so many times."""
        self.part = list(part)
        self.times = times
        super().__init__(self.part * times)


def encode_calls(
    calls: Iterable[tuple[tuple[object, ...], Mapping[str, object]]],
    watched: Iterable[bool] | None = None,
) -> bytes:
    """Write calls as a request that a guest runs as often as it is sent.

    Args:
        calls: each `(args, kwargs)`.
        watched: for each whether to look if it changes its arguments, which takes time; all where
            nothing is said.
    """
    made = [_shortened(args, kwargs) for args, kwargs in calls]
    flags = bytes(watched) if watched is not None else b"\1" * len(made)
    request: bytes = encode_trusted([flags, *made])
    return request


def _shortened(args: tuple[object, ...], kwargs: Mapping[str, object]) -> list[Any]:
    """A call's arguments, those that repeat a part with the part alone."""

    def short(value: object) -> object:
        if type(value) is not Repeated:
            return value
        return [msgpack.ExtType(TIMES, struct.pack("<I", value.times)), *value.part]

    return [list(map(short, args)), {name: short(value) for name, value in kwargs.items()}]


def decode_calls(request: bytes) -> list[tuple[list[Any], int]]:
    """Read the calls of a request, each `[args, kwargs]`, with whether it is watched."""
    flags, *calls = decode(request, functions=True)
    return list(zip(calls, flags, strict=True))


def with_activations(
    call: tuple[tuple[object, ...], Mapping[str, object]],
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Put functions in place of the named activations of a call; all else is the same object."""
    args, kwargs = call
    return (
        tuple(FUNCTIONS[a.name] if type(a) is Named else a for a in args),
        {k: FUNCTIONS[a.name] if type(a) is Named else a for k, a in kwargs.items()},
    )
