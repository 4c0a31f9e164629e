"""The units that answers may use: their definitions for Pint, and a table of the plain ones.

Pint's own file holds a thousand units, most of which could only be reached by a slip of the
keyboard. The table gives what Pint gives, names, prefixes and plurals alike, without importing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache

DEFINITIONS = """
kilo- = 1000 = k- = K-
mega- = 1000000 = M-
giga- = 1000000000 = G-
tera- = 1000000000000 = T-
peta- = 1000000000000000 = P-
milli- = 1/1000 = m-
micro- = 1/1000000 = µ- = u-
nano- = 1/1000000000 = n-
kibi- = 1024 = Ki-
mebi- = 1048576 = Mi-
gibi- = 1073741824 = Gi-
tebi- = 1099511627776 = Ti-
pebi- = 1125899906842624 = Pi-
bit = [information]
byte = 8 * bit = B
FLOP = [operation]
second = [time] = s = sec
minute = 60 * second = min
hour = 3600 * second = h = hr
day = 86400 * second = d
meter = [length] = m = metre
gram = [mass] = g
watt = [power] = W
joule = watt * second = J
hertz = 1 / second = Hz
dollar = [money] = USD
percent = 0.01
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit as the table knows it.

    Attributes:
        measures: What it measures, such as `[time]`; empty where only Pint can say.
        size: How many of its dimension's first unit it is; 0 where only Pint can say.
    """

    measures: str = ""
    size: Fraction = Fraction(0)


@lru_cache(maxsize=4096)
def looked_up(word: str) -> Entry | None:
    """A unit, with or without a prefix, in the singular or the plural; None where there is none."""
    prefixes, units = _tables()
    if word in units:
        return units[word]
    read = [
        Entry(units[name].measures, units[name].size * size)
        for plural in ("", "s")
        for prefix, size in prefixes.items()
        if word.startswith(prefix) and word.endswith(plural)
        # as for Pint, a symbol of one letter has no plural
        if (name := word[len(prefix) : len(word) - len(plural)]) in units
        and not (plural and len(name) == 1)
    ]
    return read[0] if read else None


@cache
def _tables() -> tuple[Mapping[str, Fraction], Mapping[str, Entry]]:
    """Prefixes and units by all their names."""
    prefixes, units = {"": Fraction(1)}, {"dimensionless": Entry()}
    for line in DEFINITIONS.strip().splitlines():
        name, meaning, *aliases = line.split(" = ")
        if name.endswith("-"):
            prefixes |= {spelt.rstrip("-"): Fraction(meaning) for spelt in (name, *aliases)}
            continue
        times, _, other = meaning.rpartition(" * ")
        entry = Entry()
        if meaning.startswith("["):
            entry = Entry(meaning, Fraction(1))
        elif other in units and times.isdigit():
            entry = Entry(units[other].measures, units[other].size * int(times))
        units |= dict.fromkeys((name, *aliases), entry)
    return prefixes, units
