"""Plain data → bytes: what a function's arguments and results become for the pipe."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgpack
import numpy as np

from grader.sandbox.activations import NAMES, Named
from grader.sandbox.wire_format import (
    ARRAY,
    COMPLEX,
    DECIMAL,
    DTYPES,
    FRACTION,
    MAX_EXPONENT,
    MAX_ITEMS,
    MAX_NAME,
    MAX_WHOLE,
    NAMED,
    NUMBER_CODES,
    OPAQUE,
    SCALAR,
    TUPLE,
    WHOLE,
    Opaque,
    WireError,
)
from grader.sandbox.wire_read import decode

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

_CODE_OF = {np.dtype(code): index for index, code in enumerate(NUMBER_CODES)}
_WIDER = {np.dtype(np.longdouble): "f8", np.dtype(np.clongdouble): "c16"}
_WIDER_CODE = {dtype: NUMBER_CODES.index(code) for dtype, code in _WIDER.items()}

# Taken now, so that nothing a student replaces later changes how results are written.
_ndarray, _generic, _ExtType, _pack = np.ndarray, np.generic, msgpack.ExtType, struct.pack
_asarray = np.asarray
_LEAVES = frozenset({type(None), bool, int, float, np.float64, np.float32, np.int64, np.bool_})
_type_name = type.__dict__["__name__"].__get__
_dtype_of = np.ndarray.dtype.__get__
_TUPLE_MARK = _ExtType(TUPLE, b"")


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
    return _ExtType(OPAQUE, name.encode("utf-8", "backslashreplace"))


def _function(value: Any) -> Any:
    try:
        name = NAMES.get(value)
    except Exception:  # a student's __hash__ or __eq__
        name = None
    return _opaque(type(value)) if name is None else _ExtType(NAMED, name.encode())


def _tuple(value: tuple[Any, ...]) -> Any:
    return [_TUPLE_MARK, *value]


def _whole(value: int) -> Any:
    if -(2**63) <= value < 2**64:
        return value
    size = value.bit_length() // 8 + 1
    if size > MAX_WHOLE:
        return _opaque(int)
    return _ExtType(WHOLE, value.to_bytes(size, "little", signed=True))


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
        value = value.astype(DTYPES[code])
    shape = value.shape
    return _ExtType(ARRAY, _pack(f"<BB{len(shape)}Q", code, len(shape), *shape) + value.tobytes())


def _scalar(value: Any) -> Any:
    ext = _array(_asarray(value))
    return _ExtType(SCALAR, ext.data) if type(ext) is _ExtType and ext.code == ARRAY else ext


def _fraction(value: Fraction) -> Any:
    top, bottom = int(value.numerator), int(value.denominator)
    if max(top.bit_length(), bottom.bit_length()) > 8 * MAX_WHOLE - 8:
        return _opaque(type(value))
    return _ExtType(FRACTION, b"%x/%x" % (top, bottom))


def _decimal(value: Decimal) -> Any:
    digits = value.as_tuple()
    if len(digits.digits) > 2 * MAX_WHOLE or (
        isinstance(digits.exponent, int) and abs(digits.exponent) > MAX_EXPONENT
    ):
        return _opaque(type(value))
    return _ExtType(DECIMAL, str(value).encode())


def _dict(value: dict[Any, Any]) -> Any:
    plain = dict(dict.items(value))
    if all(type(key) is str for key in plain):
        return plain
    return _opaque(dict)


_EXACT: dict[type, Callable[[Any], Any]] = {
    tuple: _tuple,
    int: _whole,
    _ndarray: _array,
    complex: lambda value: _ExtType(COMPLEX, _pack("<dd", value.real, value.imag)),
    Named: lambda value: _ExtType(NAMED, value.name.encode()),
    Opaque: lambda value: _ExtType(OPAQUE, value.type_name.encode("utf-8", "backslashreplace")),
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
