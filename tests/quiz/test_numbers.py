"""Numbers as people type them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.numbers import NumberError, Reading, read_number

GIB = 2**30 / 10**9

ACCEPTED = [
    ("14", "GB", 14),
    ("14 GB", "GB", 14),
    ("14GB", "GB", 14),
    ("14e9 bytes", "GB", 14),
    ("13.04 GiB", "GB", 13.04 * GIB),
    ("13,04 GiB", "GB", 13.04 * GIB),
    ("14,000 MB", "GB", 14),
    ("14 000 MB", "GB", 14),
    ("14\u202f000 MB", "GB", 14),
    ("14 GBs", "GB", 14),
    ("14 gb", "GB", 14),
    ("14 gigabytes", "GB", 14),
    ("14 Gigabyte", "GB", 14),
    ("14 Go", "GB", 14),
    ("14Gb", "GB", 1.75),
    ("112 Gbit", "GB", 14),
    ("112 gigabits", "GB", 14),
    ("14 billion bytes", "GB", 14),
    ("14 billion", "GB", 14),
    ("14G", "GB", 14),
    ("1.4*10^10", "B", 14e9),
    ("1.4×10¹⁰ B", "GB", 14),
    ("1.4 x 10^10 bytes", "GB", 14),
    ("~14 GB", "GB", 14),
    ("about 14 GB of memory", "GB", 14),
    ("7e9*2 = 14e9 bytes", "GB", 14),
    ("7 * 2 = 14 GB", "GB", 14),
    ("7 B params x 2 bytes = 14 GB", "GB", 14),
    ("m*n = 14", "", 14),
    ("= 14 GB", "GB", 14),
    ("14 GB.", "GB", 14),
    ("14 kB", "B", 14_000),
    ("14 KiB", "B", 14 * 1024),
    ("16.8M", "parameters", 16.8e6),
    ("16.8 M parameters", "parameters", 16.8e6),
    ("16.8 million", "weights", 16.8e6),
    ("16 777 216", "", 16777216),
    ("16,777,216", "", 16777216),
    ("16.777.216", "", 16777216),
    ("16'777'216", "", 16777216),
    ("16_777_216", "", 16777216),
    ("1,67,77,216", "", 16777216),
    ("2^24", "", 16777216),
    ("2**24 weights", "weights", 16777216),
    ("4096*4096", "", 16777216),
    ("7B", "parameters", 7e9),
    ("7 bn", "parameters", 7e9),
    ("1.234,5", "", 1234.5),
    ("1,234.5", "", 1234.5),
    ("0,125", "", 0.125),
    (".5", "", 0.5),
    ("1/2", "", 0.5),
    ("−3", "", -3),
    ("1.68e7", "", 16.8e6),
    ("١٤", "", 14),
    ("quadruples", "times", 4),
    ("it quadruples", "times", 4),
    ("4x", "times", 4),
    ("x4", "times", 4),
    ("×4", "times", 4),
    ("four times", "times", 4),
    ("four times the original memory", "times", 4),
    ("doubles it", "times", 2),
    ("4 times as many", "times", 4),
    ("4-fold", "times", 4),
    ("fourfold", "times", 4),
    ("by a factor of 4", "times", 4),
]

REFUSED = [
    ("", ""),
    ("nan", ""),
    ("inf", ""),
    ("1e999", ""),
    ("9" * 300, ""),
    ("10^400", ""),
    ("9^9^9", ""),
    ("0^-1", ""),
    ("1/0", ""),
    ("14 km", "GB"),
    ("14 GB/s", "GB"),
    ("14 GB", "parameters"),
    ("14 b", "GB"),
    ("14 or 28 GB", "GB"),
    ("14-15 GB", "GB"),
    ("not 14 GB", "GB"),
    ("14 GB or 28 GB", "GB"),
    ("14GB14", "GB"),
    ("four times or five", "times"),
    ("four times 5 GB", "times"),
    ("quadruples or doubles", "times"),
    ("28 GB = 14 GB", "GB"),
    ("7*4 = 14 GB", "GB"),
    ("28 or 2*7 = 14 GB", "GB"),
    ("1 4", ""),
    ("1,2,3", ""),
    ("14.0.0", ""),
    ("fourteen", "GB"),
    ("__import__('os')", ""),
    ("14 GB**9**9", "GB"),
]


@pytest.mark.parametrize(("text", "unit", "value"), ACCEPTED)
def test_what_people_type_is_read(text: str, unit: str, value: float) -> None:
    """Each way of typing a number gives it in the question's unit."""
    assert pytest.approx(value, rel=1e-12) == float(read_number(text, unit).value)


@pytest.mark.parametrize(("text", "unit"), REFUSED)
def test_what_is_no_number_is_refused(text: str, unit: str) -> None:
    """What is no number, or could be two, is refused with a sentence to the student."""
    with pytest.raises(NumberError, match=r"\w+ \w+"):
        read_number(text, unit)


def test_precision_is_that_of_the_digits() -> None:
    """16.8M was typed to a tenth of a million."""
    assert Reading(Fraction(16_800_000), Fraction(50_000), "") == read_number("16.8M", "weights")


def test_gilbert_is_no_gigabit() -> None:
    """`Gb` are gigabits, and `b` alone is asked about."""
    assert Fraction(1, 8) == read_number("1 Gb", "GB").value
    with pytest.raises(NumberError, match="bits or bytes"):
        read_number("1 b", "GB")


@given(st.integers(0, 10**18), st.sampled_from([",", " ", "_", "'", ""]))
def test_grouped_integers_are_exact(number: int, separator: str) -> None:
    """However thousands are set apart, no digit is lost."""
    assert number == read_number(f"{number:,}".replace(",", separator)).value


@given(st.decimals(0, 10**9, places=3))
def test_decimals_are_exact(number: object) -> None:
    """Decimals are read exactly, with a point or a comma that cannot mean thousands."""
    assert Fraction(str(number)) == read_number(str(number)).value
    text = f"{number}0".replace(".", ",")
    assert Fraction(str(number)) == read_number(text).value


@given(
    st.text(max_size=60) | st.text("0123456789., eE+-*/^xkMGTB%=~()", max_size=40),
    st.sampled_from(["", "GB", "parameters", "times", "GB/s"]),
)
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_number_or_an_error(text: str, unit: str) -> None:
    """No text raises anything but NumberError, and what is read is bounded."""
    try:
        reading = read_number(text, unit)
    except NumberError:
        return
    assert abs(reading.value) < 10**420
