"""The only yardstick: whether a value is the one that was due, and where it first differs.

Self-checks and hidden suites judge with the same functions, on plain data only: numbers, strings,
lists, tuples and arrays. The rules are those of the exercises' contract: exact shape, finite
numbers, ``rtol=1e-9, atol=1e-12`` (``rtol=1e-5, atol=1e-6`` where ``float32`` is involved), and
counts that are exact whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Kind = Literal["real", "count", "truth", "pair"]

TIGHT = (1e-9, 1e-12)
LOOSE = (1e-5, 1e-6)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is wrong with a value: one clause to a beginner, and the place where it first shows.

    Attributes:
        text: a clause such as ``"shape (1,), expected a number"``.
        where: index of the first entry that differs; None where the whole value does.
    """

    text: str
    where: tuple[int, ...] | None = None


def difference(
    got: object, due: object, *, kind: Kind = "real", loose: bool = False
) -> Difference | None:
    """Compare a value with the one that is due.

    Args:
        got: what came back, as plain data.
        due: what the reference gives: a number, an array, a boolean, or a pair of arrays.
        kind: ``real`` (numbers and arrays, with tolerance), ``count`` (exact whole numbers),
            ``truth`` (booleans) or ``pair`` (two arrays, as from ``collapse``).
        loose: whether an argument was ``float32``, which widens the tolerance.

    Returns:
        None where they agree, else the first difference.
    """
    if kind == "count":
        return _count_difference(got, due)
    if kind == "truth":
        return _truth_difference(got, due)
    if kind == "pair":
        return _pair_difference(got, due, loose)
    return _real_difference(got, np.asarray(due, dtype=np.float64), loose)


def describe(value: object) -> str:
    """Say in a few words what kind of value this is: ``"an array of shape (2, 3)"``."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        if value.ndim == 0:
            return "a number"
        return f"an array of shape {value.shape}"
    if isinstance(value, (bool, np.bool_)):
        return "a truth value"
    if isinstance(value, (int, float, np.number, Fraction, Decimal)):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, (list, tuple, dict)):
        name = type(value).__name__
        return f"a {name} of {len(value)}" if len(value) else f"an empty {name}"
    return f"a value of type {getattr(value, 'type_name', type(value).__name__)}"


def involves_float32(value: object) -> bool:
    """Tell whether a value is, or holds, ``float32`` numbers."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype == np.float32
    if isinstance(value, (list, tuple)):
        return any(involves_float32(item) for item in value)
    return False


def _number(value: object) -> int | float | Fraction | None:
    """The value as an exact Python number, or None where it is not a real number."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, (bool, np.bool_, complex)):
        return None
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, np.floating):
        return float(value)
    if isinstance(value, Decimal):
        return Fraction(value) if value.is_finite() else math.nan
    if isinstance(value, (int, float, Fraction)):
        return value
    return None


def _count_difference(got: object, due: object) -> Difference | None:
    expected = int(due)  # type: ignore[call-overload]
    number = _number(got)
    if number is None:
        return Difference(f"{describe(got)}, expected a whole number")
    if number != expected:  # Python compares int, float and Fraction exactly
        return Difference(_count_text(number, expected))
    return None


def _count_text(number: float | Fraction, expected: int) -> str:
    finite = _is_finite(number)
    if not isinstance(number, int) and finite and round(number) == expected:
        return "not a whole number"
    if isinstance(number, float) and abs(expected) > 2**53 and float(expected) == number:
        return "digits were lost: a float holds whole numbers exactly only up to 2**53"
    if finite and expected and Fraction(number) / expected in {2, 4, 8}:
        return f"{int(Fraction(number) / expected)} times too much"
    return "another number"


def _is_finite(number: float | Fraction) -> bool:
    """Whether a number is finite; one that is too large for a float is."""
    return not isinstance(number, float) or math.isfinite(number)


def _truth_difference(got: object, due: object) -> Difference | None:
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got[()]
    if not isinstance(got, (bool, np.bool_)):
        return Difference(f"{describe(got)}, expected True or False")
    if bool(got) != bool(due):
        return Difference("the other truth value")
    return None


def _pair_difference(got: object, due: object, loose: bool) -> Difference | None:
    is_pair = isinstance(got, (list, tuple)) and len(got) == 2
    if not is_pair and not (isinstance(got, np.ndarray) and got.ndim > 0 and len(got) == 2):
        return Difference(f"{describe(got)}, expected a pair (W, b)")
    for name, part, wanted in zip("Wb", got, due, strict=True):  # type: ignore[call-overload]
        found = _real_difference(part, np.asarray(wanted, dtype=np.float64), loose)
        if found is not None:
            place = f"{name}{list(found.where)}" if found.where else name
            return Difference(f"{place}: {found.text}")
    return None


def _real_difference(got: object, due: npt.NDArray[np.float64], loose: bool) -> Difference | None:
    if due.ndim == 0 and isinstance(got, (list, tuple)):
        return Difference(f"{describe(got)}, expected a number")
    array = real_array(got)
    if array is None:
        wanted = "a number" if due.ndim == 0 else f"an array of shape {due.shape}"
        return Difference(f"{describe(got)}, expected {wanted}")
    if array.shape != due.shape:
        return Difference(_shape_text(array.shape, due.shape))
    rtol, atol = LOOSE if loose or involves_float32(got) else TIGHT
    with np.errstate(all="ignore"):
        agrees = np.abs(array - due) <= atol + rtol * np.abs(due)
    if agrees.all():  # nan and infinities compare as False
        return None
    where = tuple(int(i) for i in np.argwhere(~agrees)[0])
    if not np.isfinite(array[where]):
        return Difference(f"{array[where]} is not a finite number", where)
    return Difference("another number", where)


def _shape_text(found: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    if wanted == ():
        return f"an array of shape {found}, expected a number"
    if found == ():
        return f"a number, expected an array of shape {wanted}"
    return f"shape {found}, expected shape {wanted}"


def real_array(value: object) -> npt.NDArray[np.float64] | None:
    """Take a number, an array or a nested list of numbers as a ``float64`` array.

    Returns:
        The array, or None where the value is ragged, not numeric, complex or boolean.
    """
    if isinstance(value, np.ndarray):
        return _real(value)
    number = _number(value)
    if number is not None:
        return np.asarray(_to_float(number))
    if not isinstance(value, (list, tuple)):
        return None
    if any(isinstance(leaf, (str, bool, np.bool_, dict)) for leaf in _leaves(value)):
        return None
    try:
        return _real(np.asarray(value))
    except (ValueError, TypeError, OverflowError):
        return None


def _real(array: npt.NDArray[Any]) -> npt.NDArray[np.float64] | None:
    if array.dtype == np.float64:
        return array
    if array.dtype.kind in "iuf":
        return array.astype(np.float64)
    if array.dtype != object:
        return None
    numbers = [_number(leaf) for leaf in array.ravel()]
    if any(number is None for number in numbers):
        return None
    floats = [_to_float(number) for number in numbers if number is not None]
    return np.asarray(floats, dtype=np.float64).reshape(array.shape)


def _to_float(number: float | Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
