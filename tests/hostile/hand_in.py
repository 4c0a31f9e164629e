"""The hand-ins in `hand_ins` and `endless`: one module each, which attacks from within.

Comments at the top say what is tried and what it must come to:

    # module: dense             the module that it stands in for (relu)
    # earns: {"dense": 0}       points of the functions that do not get all of theirs ({"relu": 0})
    # verdict: crashed          of the first of those functions (failed); several with "or"
    # spoils: others too        the attack costs the student other functions as well

Where a file defines `attack` alone, its `relu` is right if the attack gives something, and wrong if
it fails: so no point means that nothing was gained.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from conftest import references

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_WON = """
import numpy as np
_right, _zeros, _won = np.maximum, np.zeros_like, None
def relu(z):
    global _won
    if _won is None:
        try:
            _won = bool(attack())
        except BaseException:
            _won = False
    return _right(z, 0) if _won else "nothing gained"
"""
_TOO_LONG = {
    b"@NUL@": b"\0",
    b"@BAD@": b"\xff\xfe\x80",
    b"@DEEP@": b"(" * 100_000 + b")" * 100_000,
    b"@MINUS@": b"-" * 100_000,
    b"@DIGITS@": b"9" * 1_000_000,
}


@dataclass(frozen=True)
class Attack:
    """One hostile module and what must come of it."""

    name: str
    module: str
    earns: dict[str, float]
    verdicts: tuple[str, ...]
    spoils: bool
    source: bytes

    def sources(self, places: dict[str, str]) -> dict[str, bytes]:
        """The whole hand-in: the references, with this module in the place of one."""
        source = self.source
        for mark, text in places.items():
            source = source.replace(mark.encode(), text.encode())
        return {n: t.encode() for n, t in references().items()} | {self.module: source}


def attacks(folder: str) -> list[Attack]:
    """All of a folder, in order."""
    return [_read(path) for path in sorted((HERE / folder).glob("*.py"))]


def _read(path: Path) -> Attack:
    text = path.read_text(encoding="utf-8")
    told = dict(re.findall(r"^# (module|earns|verdict|spoils): (.*)$", text, flags=re.M))
    source = text.encode()
    if "def attack(" in text:
        source += _WON.encode()
    for mark, filling in _TOO_LONG.items():
        source = source.replace(mark, filling)
    return Attack(
        name=path.stem,
        module=told.get("module", "relu"),
        earns=json.loads(told.get("earns", '{"relu": 0}')),
        verdicts=tuple(told.get("verdict", "failed").split(" or ")),
        spoils="spoils" in told,
        source=source,
    )


def places(folder: Path, canary: Path) -> dict[str, str]:
    """What an attacker is told, so that no attack fails for want of knowing where to look."""
    return {
        "@ROOT@": str(ROOT),
        "@CLASS@": str(folder),
        "@CANARY@": str(canary),
        "@PID@": str(os.getpid()),
    }
