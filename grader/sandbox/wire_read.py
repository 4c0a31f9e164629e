"""Bytes → plain data: what comes through the pipe, believed by nobody.

Bytes that are not plain data within the limits raise `WireError`, in bounded time and memory, and
nothing else does.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgpack
import numpy as np

from grader.sandbox.activations import FUNCTIONS, Named
from grader.sandbox.wire_format import (
    ARRAY,
    COMPLEX,
    DECIMAL,
    DTYPES,
    FRACTION,
    MAX_CONTAINERS,
    MAX_EXPONENT,
    MAX_ITEMS,
    MAX_NAME,
    MAX_TEXT,
    MAX_WHOLE,
    NAMED,
    OPAQUE,
    SCALAR,
    TIMES,
    TUPLE,
    WHOLE,
    Opaque,
    WireError,
)

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

_BOOL = DTYPES[0]
_BYTE = np.dtype(np.uint8)
_frombuffer = np.frombuffer  # taken now: nothing a student replaces later changes what is read


class _Mark:
    """Stands first in a list that is to become a tuple."""


@dataclass(frozen=True, slots=True)
class _Times:
    """Stands first in a list that is to be repeated."""

    count: int


_MARK = _Mark()


def decode(data: bytes, *, functions: bool = False) -> Any:
    """Read a value back.

    Args:
        data: bytes from `encode`, or hostile ones.
        functions: whether named activations become functions; else they stay `Named`.

    Raises:
        WireError: the bytes are not plain data within the limits.
    """
    reader = _Reader(functions)
    size = len(data)
    try:
        return msgpack.unpackb(
            data,
            raw=False,
            strict_map_key=True,
            list_hook=reader.sequence,
            object_hook=reader.mapping,
            ext_hook=reader.extension,
            max_str_len=min(size, MAX_TEXT),
            max_bin_len=size,
            max_array_len=min(size, MAX_ITEMS),
            max_map_len=min(size, MAX_ITEMS),
            max_ext_len=size,
        )
    except WireError:
        raise
    except (ValueError, TypeError, OverflowError, RecursionError, KeyError) as error:
        raise WireError(f"not plain data: {error}") from None
    except (msgpack.UnpackException, IndexError, struct.error, ArithmeticError) as error:
        raise WireError(f"not plain data: {type(error).__name__}") from None


class _Reader:
    """Turns what msgpack reads into values, and counts."""

    __slots__ = ("functions", "left")

    def __init__(self, functions: bool) -> None:
        self.functions = functions
        self.left = MAX_CONTAINERS

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise WireError(f"more than {MAX_CONTAINERS} lists and other values")

    def sequence(self, items: list[Any]) -> Any:
        self._count()
        if items:
            first = items[0]
            if first is _MARK:
                del items[0]
                return tuple(items)
            if type(first) is _Times:
                return items[1:] * first.count
        return items

    def mapping(self, items: dict[Any, Any]) -> dict[Any, Any]:
        self._count()
        return items

    def extension(self, code: int, data: bytes) -> Any:
        self._count()
        if code == NAMED:
            name = data.decode()
            return FUNCTIONS[name] if self.functions else Named(FUNCTIONS[name].__name__)
        if code == TIMES and self.functions:  # never from a student: what is read would grow
            return _Times(*struct.unpack("<I", data))
        reader = _READERS.get(code)
        if reader is None:
            raise WireError(f"no extension type {code}")
        return reader(data)


_SHAPES = tuple(struct.Struct(f"<{n}Q").unpack_from for n in range(33))
_SWAPPED = sys.byteorder == "big"


def _read_array(data: bytes) -> Any:
    code, n_axes = data[0], data[1]
    if n_axes > 32:
        raise WireError(f"an array of {n_axes} axes")
    shape = _SHAPES[n_axes](data, 2)
    for length in shape:
        if length >= 2**31:
            raise WireError(f"an array of shape {shape}")
    if 0 in shape and math.prod(length or 1 for length in shape) > MAX_ITEMS:
        raise WireError(f"an empty array of shape {shape}")  # as lists it would fill the memory
    dtype = DTYPES[code]
    array = _frombuffer(data, dtype if dtype is not _BOOL else _BYTE, offset=2 + 8 * n_axes)
    if dtype is _BOOL:  # a byte that is neither 0 nor 1 is no truth value
        return (array != 0).reshape(shape)
    if _SWAPPED:
        array = array.astype(dtype.newbyteorder("="))
    return array.reshape(shape).copy()


def _read_scalar(data: bytes) -> Any:
    array = _read_array(data)
    if array.ndim != 0:
        raise WireError("a scalar with axes")
    return array[()]


def _read_whole(data: bytes) -> int:
    if not 0 < len(data) <= MAX_WHOLE:
        raise WireError(f"a whole number of {len(data)} bytes")
    return int.from_bytes(data, "little", signed=True)


def _read_complex(data: bytes) -> complex:
    return complex(*struct.unpack("<dd", data))


def _read_fraction(data: bytes) -> Fraction:
    if len(data) > 4 * MAX_WHOLE + 4:
        raise WireError(f"a fraction of {len(data)} bytes")
    from fractions import Fraction

    top, bottom = data.decode("ascii").split("/")
    return Fraction(int(top, 16), int(bottom, 16))


def _read_decimal(data: bytes) -> Decimal:
    if len(data) > 3 * MAX_WHOLE:
        raise WireError(f"a decimal of {len(data)} bytes")
    from decimal import Decimal

    value = Decimal(data.decode("ascii"))
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and abs(exponent) > MAX_EXPONENT:
        raise WireError(f"a decimal with exponent {exponent}")
    return value


def _read_opaque(data: bytes) -> Opaque:
    name = data[: 4 * MAX_NAME].decode("utf-8", "replace")[:MAX_NAME]
    return Opaque("".join(c if c.isprintable() else "?" for c in name))


_READERS: dict[int, Callable[[bytes], Any]] = {
    ARRAY: _read_array,
    SCALAR: _read_scalar,
    TUPLE: lambda _data: _MARK,
    WHOLE: _read_whole,
    COMPLEX: _read_complex,
    FRACTION: _read_fraction,
    DECIMAL: _read_decimal,
    OPAQUE: _read_opaque,
}
