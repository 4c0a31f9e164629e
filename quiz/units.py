"""Units as people write them, converted by Pint behind our aliases.

Pint alone reads `Gb` as gilbert and does not know `gb`. Here `GB`, `gb`, `Go` and `gigs` are
gigabytes, and `Gb`, `Gbit` and `gigabits` are gigabits. Importing Pint takes longer than marking a
hundred files, and nearly all that is typed is a plain unit with a prefix, which `unit_table.py`
looks up. Pint is for the rest, such as joules or gigabytes a second.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from quiz.problems import QuizError
from quiz.unit_table import DEFINITIONS, looked_up

_COUNTED = """
parameter parameters param params weight weights bias biases number numbers value values neuron
neurons layer layers multiplication multiplications mults operation operations ops connection
connections gpu gpus card cards input inputs output outputs feature features unit units
"""
COUNTS = frozenset(_COUNTED.split())
TIMES = frozenset({"times", "time", "x", "fold", "-fold", "×"})

_BYTES = re.compile(r"([kmgtp]?)(i?)([bo])s?\Z", re.IGNORECASE)
_BITS = re.compile(r"([kmgtp]?)(i?)[- ]?bits?\Z", re.IGNORECASE)
_FLOPS = re.compile(r"([kmgtp]?)flops?\Z", re.IGNORECASE)
_WORDS = {
    "gig": "GB",
    "gigs": "GB",
    "meg": "MB",
    "megs": "MB",
    "octet": "B",
    "octets": "B",
    "$": "USD",
    "%": "percent",
}
_SHAPE = re.compile(r"[A-Za-zµ%$]{1,20}\Z")


class UnitError(QuizError):
    """A unit is not known here, or measures something else; the text is written to a student."""


def is_count(unit: str) -> bool:
    """Whether a unit only says what is counted, such as `parameters`."""
    return not unit or unit.lower() in COUNTS or is_times(unit)


def is_times(unit: str) -> bool:
    """Whether a unit says how many times as much."""
    return unit.lower() in TIMES


@lru_cache(maxsize=4096)
def is_bytes(unit: str) -> bool:
    """Whether a unit measures bytes or bits, and so takes a bare `14G`."""
    try:
        return not is_count(unit) and _measures(unit) == _measures("B")
    except UnitError:
        return False


def check_unit(unit: str) -> None:
    """Check a unit that an author wrote.

    Raises:
        UnitError: It is neither known to Pint here nor a word for something counted.
    """
    if not is_count(unit):
        _measures(unit)


@lru_cache(maxsize=4096)
def factor(found: str, wanted: str) -> Fraction:
    """How many of the wanted unit one of the found unit is.

    Args:
        found: The unit that a student typed.
        wanted: The unit of the question.

    Raises:
        UnitError: The found unit is not known, or measures something else.
    """
    if is_count(wanted):
        if is_count(found):
            return Fraction(1)
        raise UnitError(f"{found!r} does not fit: this asks for a plain number{_of(wanted)}")
    if is_count(found) or _measures(found) != _measures(wanted):
        raise UnitError(f"{found!r} measures something else: answer in {wanted}")
    one, other = looked_up(_canonical(found)), looked_up(_canonical(wanted))
    if one and other and one.size and other.size:
        return one.size / other.size
    quantity = _registry().Quantity(Fraction(1), _canonical(found))
    return Fraction(quantity.to(_canonical(wanted)).magnitude)


def _of(unit: str) -> str:
    return f" of {unit}" if unit.lower() in COUNTS else ""


def _measures(unit: str) -> str:
    """What a unit measures, as Pint spells it, such as `[information] / [time]`."""
    word = _canonical(unit)
    parts = [looked_up(part) for part in word.split("/")]
    if None in parts:
        raise _unknown(unit)
    measured = [part.measures for part in parts if part]
    if all(measured) and len(set(measured)) == len(measured):
        return " / ".join(measured)
    try:
        return str(_registry().parse_units(word).dimensionality)
    except Exception:  # Pint's errors have no common base, and its parser raises Python's own too
        raise _unknown(unit) from None


def _unknown(unit: str) -> UnitError:
    return UnitError(
        f"the unit {unit!r} is not known here: write for example GB, GiB, MB, bytes or Gbit"
    )


@lru_cache(maxsize=4096)
def _canonical(unit: str) -> str:
    """A unit as our registry spells it.

    Raises:
        UnitError: It has not the shape of a unit, or could mean two.
    """
    over, _, under = unit.partition("/")
    if over and under and "/" not in under:
        return f"{_canonical(over)}/{_canonical(under)}"
    word = _WORDS.get(unit.lower(), unit)
    if word == "b":
        raise UnitError("'b' could be bits or bytes: write bit or B")
    if match := _BYTES.match(word):
        prefix, binary, letter = match.groups()
        # Gb is gigabit; gb is what people type for gigabyte
        bits = letter == "b" and prefix.isupper()
        return _prefix(prefix, binary) + ("bit" if bits else "B")
    if match := _BITS.match(word):
        return _prefix(match[1], match[2]) + "bit"
    if match := _FLOPS.match(word):
        return _prefix(match[1], "") + "FLOP"
    if not _SHAPE.match(word):
        raise _unknown(unit)
    return word.lower() if len(word) > 4 else word


def _prefix(letter: str, binary: str) -> str:
    if not letter:
        return ""
    if binary:
        return letter.upper() + "i"
    return "k" if letter in "kK" else letter.upper()


@cache
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(None, non_int_type=Fraction)
    registry.load_definitions(DEFINITIONS.splitlines())
    return registry
