"""What both ends of the pipe agree on: the codes of extension types, and how much is allowed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MAX_ITEMS = 100_000  # entries of one list: larger things travel as arrays
MAX_CONTAINERS = 200_000  # lists, dicts and extension values of one message
MAX_TEXT = 1 << 20
MAX_WHOLE = 512  # bytes of a whole number: about 1,200 digits, which Python prints without ado
MAX_EXPONENT = 400  # of a decimal: exact arithmetic with it stays cheap
MAX_NAME = 100

ARRAY, SCALAR, TUPLE, WHOLE, COMPLEX, FRACTION, DECIMAL, NAMED, OPAQUE, TIMES = range(1, 11)
NUMBER_CODES = ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
DTYPES = tuple(np.dtype(code).newbyteorder("<") for code in NUMBER_CODES)


class WireError(ValueError):
    """Bytes that are no plain data within the limits."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """Something that is not plain data, known by the name of its type only."""

    type_name: str
