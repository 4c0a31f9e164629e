"""Numbers as people type them: `14 GB`, `14e9 bytes`, `13,04 GiB`, `16.8M`, `1.4*10^10`.

A number is read exactly (as a fraction) and remembers how precisely it was typed, so that a mistake
can be told from the key even where the question's tolerance covers both. What could mean two
things, or holds two numbers, is not guessed at: the error says what to write instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from quiz.problems import QuizError
from quiz.units import UnitError, factor, is_bytes, is_count, is_times

MAX_LENGTH = 200
MAX_EXPONENT = 400
_LARGEST = 10**MAX_EXPONENT
_SMALLEST = Fraction(1, _LARGEST)


class NumberError(QuizError):
    """What was typed is no number that we read; the text is written to a student."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A number that was typed.

    Attributes:
        value: The number, in the question's unit.
        half: Half a step of the last digit that was typed, in the question's unit.
        unit: The unit that was typed; empty where there was none.
    """

    value: Fraction
    half: Fraction
    unit: str = ""


_GROUPED = (
    (re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?"), " "),
    (re.compile(r"\d{1,3}(?:'\d{3})+(?:[.,]\d+)?"), "'"),
    (re.compile(r"\d{1,3}(?:_\d{3})+(?:\.\d+)?"), "_"),
    (re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"), ","),
    (re.compile(r"[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?"), ","),  # lakh and crore
    (re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d+)?"), "."),
    (re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+,\d+"), "."),
)
_PLAIN = re.compile(r"(?:\d+(?:[.,]\d*)?|[.,]\d+)")
_TOKEN = re.compile(r"(?:\d(?:[\d.,'_]| (?=\d))*|[.,]\d+)(?:[eE][-+]?\d+(?![\d.,]))?")
_POWER = re.compile(r" *(?:\^|\*\*) *\(?([-+]?\d{1,4})\)?(?![\d.,])")
_TIMES = re.compile(r" *[*xX] *(?=[\d.,])")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_TIDY = str.maketrans(
    {"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "∙": "*", "’": "'", "÷": "/", "\u2044": "/"}
)
_BEFORE = re.compile(
    r"(?:(?:[=~≈≃≅:]|it|they|is|are|becomes?|grows?|increases?|goes|up|by|an?|the|factor|of|about"
    r"|approximately|approx\.?|around|roughly|circa|ca\.?|exactly|answer|takes?|needs?|would|be)"
    r"(?=[\s\d=~≈*.,-]|$)\s*)+",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:\s+(?:in total|total|altogether|approximately|approx\.?|roughly|or so|more|larger|bigger"
    r"|greater|higher|as (?:many|much)(?: \w+)?|of (?:the |gpu )?\w+))+\Z|\s*[.!]+\Z",
    re.IGNORECASE,
)
_SCALE_WORDS = dict.fromkeys(("thousand", "thousands"), 3)
_SCALE_WORDS |= dict.fromkeys(("million", "millions", "mln", "mio"), 6)
_SCALE_WORDS |= dict.fromkeys(("billion", "billions", "bn", "bln", "mrd"), 9)
_SCALE_WORDS |= dict.fromkeys(("trillion", "trillions"), 12)
_SCALE_LETTERS = {"k": 3, "m": 6, "g": 9, "b": 9, "t": 12}
_TO_TWELVE = "zero one two three four five six seven eight nine ten eleven twelve"
_SMALL = {word: number for number, word in enumerate(_TO_TWELVE.split())}
_MULTIPLES = dict.fromkeys(("halves", "half", "halved"), Fraction(1, 2))
_MULTIPLES |= dict.fromkeys(("doubles", "doubled", "double", "twice"), Fraction(2))
_MULTIPLES |= dict.fromkeys(("triples", "tripled", "triple", "thrice"), Fraction(3))
_MULTIPLES |= dict.fromkeys(("quadruples", "quadrupled", "quadruple"), Fraction(4))
# "four times as many parameters", "doubles the memory"
_OF_WHAT = re.compile(
    r"as|many|much|more|large|larger|big|bigger|high|higher|great|greater|the|of|it|its|them|all"
    r"|in|total|up|what|was|were|is|than|before|original|old|parameters|weights|biases|numbers"
    r"|memory|multiplications|operations|bytes|size|storage|space|compute|work|cost|number|amount"
)


@lru_cache(maxsize=65_536)
def read_number(text: str, unit: str = "") -> Reading:
    """Read a number that a student typed.

    Args:
        text: What was typed.
        unit: The question's unit; a number without unit is taken to be in it.

    Raises:
        NumberError: It is no number, more than one, too large, or of another unit.
    """
    tidy = _result(_tidied(text), unit)
    word = _in_words(tidy, unit)
    if word is not None:
        return word
    sign, rest = _sign(tidy)
    value, half, tail = _product(rest)
    if sign < 0:
        value = -value
    scale, typed_unit = _scale_and_unit(tail.strip(), unit)
    if scale != 1:
        value, half = value * scale, half * abs(scale)
    return Reading(value, half, typed_unit)


def _tidied(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise NumberError("that is too long for a number: write the number and its unit only")
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda run: "^" + run[0].translate(_SUPERSCRIPTS), text)
    text = unicodedata.normalize("NFKC", text).translate(_TIDY)
    text = " ".join(text.split()).strip()
    text = _BEFORE.sub("", text, count=1) if _BEFORE.match(text) else text
    while (shorter := _AFTER.sub("", text)) != text:
        text = shorter
    if not text:
        raise NumberError("there is no number: write for example 14 GB")
    return text.strip()


def _result(text: str, unit: str) -> str:
    """What stands behind `=`, where something is worked out before it: `7e9*2 = 14e9 bytes`.

    Raises:
        NumberError: The two sides are two different numbers.
    """
    before, equals, after = text.rpartition("=")
    if not equals:
        return text
    before, after = before.strip(" ="), _BEFORE.sub("", after.strip(), count=1)
    working = re.search(r"[*/+^xX-]", before) and not re.search(r"\b(?:or|not|no)\b", before)
    if not re.search(r"\d", before) or (working and not _another(before, after, unit)):
        return after
    raise NumberError("write one number and its unit only, without a second one before the =")


def _another(before: str, after: str, unit: str) -> bool:
    """Whether what is worked out is readable and comes to another number than is given."""
    pairs = []
    for text in (before, after):
        try:
            value, _, tail = _product(_sign(text)[1])
            pairs.append((value, value * _scale_and_unit(tail.strip(), unit)[0]))
        except NumberError:
            return False
    return all(abs(one - other) > abs(other) / 100 for one, other in zip(*pairs, strict=True))


def _in_words(text: str, unit: str) -> Reading | None:
    """`quadruples`, `four times`, `4-fold`, `x4` where a question asks how many times as much."""
    if not is_times(unit):
        return None
    words = text.lower().replace("-", " ").split()
    if words and words[0] in _MULTIPLES:
        _check_behind(words[1:], text)
        return Reading(_MULTIPLES[words[0]], Fraction(0), "times")
    first = words[0].removesuffix("fold") if words else ""
    if first in _SMALL and (len(words) == 1 or words[1] in {"times", "fold", "x"}):
        _check_behind(words[2:], text)
        return Reading(Fraction(_SMALL[first]), Fraction(0), "times")
    if re.match(r"[*xX] ?\d", text):
        return read_number(text[1:], unit)
    return None


def _check_behind(words: Sequence[str], text: str) -> None:
    """What stands behind "four times" only says of what.

    Raises:
        NumberError: It says more, such as another number.
    """
    if not all(map(_OF_WHAT.fullmatch, words)):
        raise NumberError(f"{_short(text)!r} says more than how many times: write for example 4x")


def _sign(text: str) -> tuple[int, str]:
    if text[:1] in {"-", "+"}:
        return (-1 if text[0] == "-" else 1), text[1:].lstrip()
    return 1, text


def _product(text: str) -> tuple[Fraction, Fraction, str]:
    """A number, a power, a product or quotient of such; its half step; what stands behind it.

    `1.4*10^10` is as precise as its 1.4; `4096*4096` was worked out exactly.
    """
    value, half, text = _term(text)
    while True:
        if match := _TIMES.match(text):
            other, imprecise, text = _term(text[match.end() :])
            value, half = value * other, Fraction(0) if imprecise else half * other
        elif match := re.match(r" */ *(?=\d)", text):
            other, _, text = _term(text[match.end() :])
            if other == 0:
                raise NumberError("cannot divide by 0")
            value, half = value / other, Fraction(0)
        else:
            return _bounded(value), half, text


def _bounded(value: Fraction) -> Fraction:
    if value and not _SMALLEST < abs(value) < _LARGEST:
        raise NumberError("that number is too large or too small to be meant")
    return value


def _term(text: str) -> tuple[Fraction, Fraction, str]:
    match = _TOKEN.match(text)
    if match is None:
        raise NumberError(f"{_short(text)!r} is no number: write for example 14 GB or 16.8 million")
    value, half = _token(match[0])
    text = text[match.end() :]
    if power := _POWER.match(text):
        exponent = int(power[1])
        if (
            abs(exponent) > MAX_EXPONENT
            or max(value.numerator, value.denominator).bit_length() > 64
        ):
            raise NumberError("that power is too large")
        if value == 0 and exponent < 0:
            raise NumberError("cannot divide by 0")
        value, half, text = _bounded(value**exponent), Fraction(0), text[power.end() :]
    return value, half, text


def _token(token: str) -> tuple[Fraction, Fraction]:
    digits, _, exponent_text = token.lower().partition("e")
    exponent = int(exponent_text) if len(exponent_text) <= 5 and exponent_text else 0
    if abs(exponent) > MAX_EXPONENT or len(exponent_text) > 5:
        raise NumberError("that number is too large or too small to be meant")
    plain = _without_groups(digits.strip())
    places = exponent - len(plain.partition(".")[2])
    whole = int(plain.replace(".", "") or "0")
    if places >= 0:
        return Fraction(whole * 10**places), Fraction(10**places, 2)
    return Fraction(whole, 10**-places), Fraction(1, 2 * 10**-places)


def _without_groups(digits: str) -> str:
    """Digits with a point for decimals and nothing else."""
    for pattern, separator in _GROUPED:
        if pattern.fullmatch(digits):
            return digits.replace(separator, "").replace(",", ".")
    if _PLAIN.fullmatch(digits):
        return digits.replace(",", ".")
    raise NumberError(
        f"{_short(digits)!r} could mean several numbers: "
        "write 16777216 or 16,777,216, and 13.04 with a point"
    )


def _scale_and_unit(tail: str, wanted: str) -> tuple[Fraction, str]:
    """What to multiply by to be in the wanted unit, and the unit that was typed."""
    word, _, after = tail.partition(" ")
    exponent = _SCALE_WORDS.get(word.lower())
    if exponent is None and is_count(wanted) and word.lower() in _SCALE_LETTERS:
        exponent = _SCALE_LETTERS[word.lower()]
    if exponent is not None:
        return 10**exponent * _plain_factor(after.strip(), wanted), after.strip()
    if word in {"K", "k", "M", "G", "g", "T"} and not after and is_bytes(wanted):
        tail = word + "B"
    return _factor(tail, wanted), tail


def _plain_factor(unit: str, wanted: str) -> Fraction:
    """After `14 billion`: of bytes where bytes are asked for and no unit is named."""
    if not unit and is_bytes(wanted):
        unit = "B"
    return _factor(unit, wanted)


def _factor(unit: str, wanted: str) -> Fraction:
    if not unit:
        return Fraction(1)
    if re.search(r"\d", unit):
        raise NumberError(f"write one number and its unit only; {_short(unit)!r} is too much")
    try:
        return factor(unit.replace(" per ", "/"), wanted)
    except UnitError as error:
        raise NumberError(str(error)) from None


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:27] + "..."
