"""Plain data as bytes: all that ever crosses the pipe to a student's process.

msgpack carries None, truth values, numbers, text, lists and dicts with text as keys; extension
types carry arrays, numpy scalars, tuples, whole numbers of any size, complex numbers, fractions,
decimals and activations by name. Whatever else a student returns travels as its type's name alone.

Both sides use this module, and the grader's side trusts nothing that it decodes: bytes that are not
plain data within the limits raise `WireError`, in bounded time and memory, and nothing else does.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgpack
import numpy as np

from grader.sandbox.activations import FUNCTIONS, NAMES, Named

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

MAX_ITEMS = 100_000  # entries of one list: larger things travel as arrays
MAX_CONTAINERS = 200_000  # lists, dicts and extension values of one message
MAX_TEXT = 1 << 20
MAX_WHOLE = 512  # bytes of a whole number: about 1,200 digits, which Python prints without ado
MAX_EXPONENT = 400  # of a decimal: exact arithmetic with it stays cheap
MAX_NAME = 100

_ARRAY, _SCALAR, _TUPLE, _WHOLE, _COMPLEX, _FRACTION, _DECIMAL, _NAMED, _OPAQUE, _TIMES = range(
    1, 11
)
_CODES = ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
_DTYPES = tuple(np.dtype(code).newbyteorder("<") for code in _CODES)
_CODE_OF = {np.dtype(code): index for index, code in enumerate(_CODES)}
_WIDER = {np.dtype(np.longdouble): "f8", np.dtype(np.clongdouble): "c16"}
_WIDER_CODE = {dtype: _CODES.index(code) for dtype, code in _WIDER.items()}
_BOOL = _DTYPES[0]
_BYTE = np.dtype(np.uint8)

# Taken now, so that nothing a student replaces later changes how results are written.
_ndarray, _generic, _ExtType, _pack = np.ndarray, np.generic, msgpack.ExtType, struct.pack
_ascontiguousarray, _asarray, _frombuffer = np.ascontiguousarray, np.asarray, np.frombuffer
_LEAVES = frozenset({type(None), bool, int, float, np.float64, np.float32, np.int64, np.bool_})
_type_name = type.__dict__["__name__"].__get__
_dtype_of = np.ndarray.dtype.__get__


class WireError(ValueError):
    """Bytes that are no plain data within the limits."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """Something that is not plain data, known by the name of its type only."""

    type_name: str


class Repeated(list[Any]):
    """A list that is the same part several times over; as an argument it crosses the pipe once.

    Whoever gets it has a plain list, in which the parts' entries are the very same objects.
    """

    def __init__(self, part: Iterable[Any], times: int) -> None:
        """Repeat a part so many times."""
        self.part = list(part)
        self.times = times
        super().__init__(self.part * times)


class _Mark:
    """Stands first in a list that is to become a tuple."""


@dataclass(frozen=True, slots=True)
class _Times:
    """Stands first in a list that is to be repeated."""

    count: int


_MARK = _Mark()
_TUPLE_MARK = _ExtType(_TUPLE, b"")


def encode(value: object) -> bytes:
    """Write a value as bytes; what is not plain data becomes `Opaque`.

    Raises:
        MemoryError: it does not fit in memory.
        OverflowError: it is larger than `decode` takes.
    """
    try:
        data: bytes = _pack_value(value)
    except MemoryError:
        raise
    except Exception:  # nested too deep, text that cannot be written, a type that lies about itself
        data = _pack_value(_opaque(type(value)))
    if type(value) in _LEAVES or type(value) is _ndarray:
        return data
    try:
        decode(data)
    except WireError as error:
        if len(data) > MAX_ITEMS:
            raise OverflowError(str(error)) from None
        data = _pack_value(_opaque(type(value)))  # such as a dict whose keys are numbers
    return data


def encode_trusted(value: object) -> bytes:
    """Write a value without a look at limits: for arguments that came through `decode`."""
    data: bytes = _pack_value(value)
    return data


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
    request: bytes = _pack_value([flags, *made])
    return request


def _shortened(args: tuple[object, ...], kwargs: Mapping[str, object]) -> list[Any]:
    """A call's arguments, those that repeat a part with the part alone."""

    def short(value: object) -> object:
        if type(value) is not Repeated:
            return value
        return [_ExtType(_TIMES, _pack("<I", value.times)), *value.part]

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


def _extend(value: Any) -> Any:
    """Give what msgpack cannot write as something that it can."""
    kind = type(value)
    special = _EXACT.get(kind)
    if special is not None:
        return special(value)
    for base, plain in _BASES:
        if issubclass(kind, base):
            return plain(value)
    for module, name, plain in _EXACT_NUMBERS:
        exact = getattr(sys.modules.get(module), name, None)
        if isinstance(exact, type) and issubclass(kind, exact):
            return plain(value)
    if callable(value):
        return _function(value)
    return _opaque(kind)


def _opaque(kind: type) -> Any:
    name = _type_name(kind)[:MAX_NAME]
    return _ExtType(_OPAQUE, name.encode("utf-8", "backslashreplace"))


def _function(value: Any) -> Any:
    try:
        name = NAMES.get(value)
    except Exception:  # a student's __hash__ or __eq__
        name = None
    return _opaque(type(value)) if name is None else _ExtType(_NAMED, name.encode())


def _tuple(value: tuple[Any, ...]) -> Any:
    return [_TUPLE_MARK, *value]


def _whole(value: int) -> Any:
    if -(2**63) <= value < 2**64:
        return value
    size = value.bit_length() // 8 + 1
    if size > MAX_WHOLE:
        return _opaque(int)
    return _ExtType(_WHOLE, value.to_bytes(size, "little", signed=True))


def _array(value: Any) -> Any:
    if type(value) is not _ndarray:
        value = _ndarray.view(value, _ndarray)
    dtype = _dtype_of(value)
    code = _CODE_OF.get(dtype)
    if code is None:
        code = _WIDER_CODE.get(dtype)
        if code is None:
            if dtype.hasobject and dtype.kind == "O":
                return value.tolist()
            code = _CODE_OF.get(dtype.newbyteorder("="))
            if code is None:
                return _opaque(_ndarray)
        value = value.astype(_DTYPES[code])
    shape = value.shape
    return _ExtType(_ARRAY, _pack(f"<BB{len(shape)}Q", code, len(shape), *shape) + value.tobytes())


def _scalar(value: Any) -> Any:
    ext = _array(_asarray(value))
    return _ExtType(_SCALAR, ext.data) if type(ext) is _ExtType and ext.code == _ARRAY else ext


def _fraction(value: Fraction) -> Any:
    top, bottom = int(value.numerator), int(value.denominator)
    if max(top.bit_length(), bottom.bit_length()) > 8 * MAX_WHOLE - 8:
        return _opaque(type(value))
    return _ExtType(_FRACTION, b"%x/%x" % (top, bottom))


def _decimal(value: Decimal) -> Any:
    digits = value.as_tuple()
    if len(digits.digits) > 2 * MAX_WHOLE or (
        isinstance(digits.exponent, int) and abs(digits.exponent) > MAX_EXPONENT
    ):
        return _opaque(type(value))
    return _ExtType(_DECIMAL, str(value).encode())


def _dict(value: dict[Any, Any]) -> Any:
    plain = dict(dict.items(value))
    if all(type(key) is str for key in plain):
        return plain
    return _opaque(dict)


_EXACT: dict[type, Callable[[Any], Any]] = {
    tuple: _tuple,
    int: _whole,
    _ndarray: _array,
    complex: lambda value: _ExtType(_COMPLEX, _pack("<dd", value.real, value.imag)),
    Named: lambda value: _ExtType(_NAMED, value.name.encode()),
    Opaque: lambda value: _ExtType(_OPAQUE, value.type_name.encode("utf-8", "backslashreplace")),
}
# Subclasses count as what they are made of, whatever they make of themselves.
_BASES: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (_ndarray, _array),
    (_generic, _scalar),
    (int, lambda value: _whole(int.__int__(value))),
    (float, float.__float__),
    (str, lambda value: str.__getitem__(value, slice(None)).__str__()),
    (tuple, lambda value: _tuple(tuple.__getitem__(value, slice(None)))),
    (list, lambda value: list.__getitem__(value, slice(None))),
    (dict, _dict),
    (complex, lambda value: _EXACT[complex](complex.__pos__(value))),
    (bytearray, bytes),
)

# Looked up when they are needed: few submissions load them.
_EXACT_NUMBERS: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("fractions", "Fraction", _fraction),
    ("decimal", "Decimal", _decimal),
)

_packer = msgpack.Packer(default=_extend, strict_types=True, unicode_errors="backslashreplace")
_pack_value = _packer.pack


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
        if code == _NAMED:
            name = data.decode()
            return FUNCTIONS[name] if self.functions else Named(FUNCTIONS[name].__name__)
        if code == _TIMES and self.functions:  # never from a student: what is read would grow
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
    dtype = _DTYPES[code]
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
    _ARRAY: _read_array,
    _SCALAR: _read_scalar,
    _TUPLE: lambda _data: _MARK,
    _WHOLE: _read_whole,
    _COMPLEX: _read_complex,
    _FRACTION: _read_fraction,
    _DECIMAL: _read_decimal,
    _OPAQUE: _read_opaque,
}
