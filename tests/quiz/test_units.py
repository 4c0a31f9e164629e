"""Units as people write them, with Pint and without."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quiz.unit_table import DEFINITIONS, looked_up
from quiz.units import UnitError, check_unit, factor, is_bytes

pint = pytest.importorskip("pint")

DEFINED = [line.split(" = ") for line in DEFINITIONS.strip().splitlines()]
SPELT = [name for first, _, *others in DEFINED for name in (first, *others)]
PREFIXES = st.sampled_from([name[:-1] for name in SPELT if name.endswith("-")])
NAMES = st.sampled_from([name for name in SPELT if not name.endswith("-")])
WRITTEN = st.builds("{}{}{}".format, PREFIXES, NAMES, st.sampled_from(["", "s"]))
WORDS = NAMES | WRITTEN | st.from_regex(r"[A-Za-zµ]{1,5}", fullmatch=True)


def registry() -> Any:
    """Pint with our definitions, knowing nothing of what it was asked before."""
    made = pint.UnitRegistry(None, non_int_type=Fraction)
    made.load_definitions(DEFINITIONS.splitlines())
    return made


@settings(max_examples=300, deadline=None)
@given(WORDS)
@example("min")
@example("ms")
@example("hs")
@example("kilobytes")
def test_the_table_says_what_pint_says(word: str) -> None:
    """A unit that the table knows measures as much for Pint, and Pint knows no others."""
    fresh = registry()
    try:
        quantity = fresh.Quantity(Fraction(1), word).to_base_units()
    except pint.UndefinedUnitError:
        assert looked_up(word) is None
        return
    entry = looked_up(word)
    assert entry is not None
    if entry.measures:
        first = fresh.Quantity(entry.size, _first(entry.measures)).to_base_units()
        assert str(quantity.dimensionality) == entry.measures
        assert quantity == first


def _first(dimension: str) -> str:
    return next(name for name, meaning, *_ in DEFINED if meaning == dimension)


@pytest.mark.parametrize(
    ("found", "wanted", "times"),
    [
        ("GB/s", "MB/s", 1000),
        ("MB/h", "B/s", Fraction(10**6, 3600)),
        ("GB/min", "B/s", Fraction(10**9, 60)),
        ("gigs/hour", "GB/s", Fraction(1, 3600)),
        ("GB/", "GB", None),
        ("GB/s/s", "GB/s", None),
        ("kJ", "J", 1000),
        ("Wh", "Wh", None),
        ("J", "W", None),
        ("GB/s", "GB", None),
        ("GB/apple", "GB", None),
        ("byte/bit", "GB", None),
        ("kilodimensionless", "GB", None),
    ],
)
def test_rates_and_energies_are_converted_too(
    found: str, wanted: str, times: Fraction | None
) -> None:
    """What the table leaves to Pint is converted, or refused, as everything else is."""
    if times is None:
        with pytest.raises(UnitError):
            factor(found, wanted)
    else:
        assert times == factor(found, wanted)


def test_an_author_may_only_use_known_units() -> None:
    """A unit of a question is one of ours, or a word for something counted."""
    for unit in ("GB", "gpus", "times", "J", "%", "GB/s", ""):
        check_unit(unit)
    with pytest.raises(UnitError, match="'parsec' is not known here"):
        check_unit("parsec")


def test_only_bytes_and_bits_take_a_bare_letter() -> None:
    """`14G` is gigabytes where bytes or bits are asked for, and nothing where seconds are."""
    assert [True, True, False, False, False] == [
        is_bytes(unit) for unit in ("GiB", "Gbit", "s", "gpus", "parsec")
    ]


def test_what_students_type_does_not_wait_for_pint() -> None:
    """Bytes, bits, counts, unknown words and other measures are told apart without its import."""
    code = (
        "import sys\n"
        "from quiz.numbers import NumberError, read_number\n"
        "for text in ('14 GB', '112 Gbit', '14 gigabytes', '14 apples', '2 h', '3 GB/s', '7 gpus'):"
        "\n"
        "    try: read_number(text, 'GB')\n"
        "    except NumberError: pass\n"
        "sys.exit('pint' in sys.modules)"
    )
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
