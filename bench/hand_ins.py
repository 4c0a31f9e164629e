"""Makes distinct hand-ins, right and wrong, none of which runs into a limit.

Each is the set of references as a student would hand it in, with a line of its own in every module,
so that no two are alike. Half of them are right; in the others, modules are wrong in one of the
ways below or untouched stubs.
"""

from __future__ import annotations

import argparse
import importlib
import random
from functools import cache
from pathlib import Path

from nnv.manifest import manifest

# What is replaced in a reference's source, and by what: mistakes of one line.
MISTAKES = {
    "relu": [("np.maximum(z, 0)", "np.abs(z)"), ("np.maximum(z, 0)", "np.minimum(z, 0)")],
    "neuron": [("out = ", "out = 0 * "), ("x.shape != w.shape", "x.shape is None")],
    "dense": [
        ("x @ W + b", "x @ W"),
        ("activation(x @ W + b)", "x @ W + b"),
        ("x @ W + b", "x @ W.T + b"),
        ("x @ W + b", "x @ undefined_name + b"),
    ],
    "network": [
        ("activation=_as_it_is", ""),
        ("b @ next_W + next_b", "b + next_b"),
        ("np.array([0.0, -1.0])", "np.array([0.0, 0.0])"),
        ("*hidden, last = layers", "last, *hidden = layers"),
    ],
    "parameters": [
        ("m * n + n", "m * n"),
        ("m * n + n", "m * n + m"),
        ("sum(m * n for", "sum(m + n for"),
        ("value % 1", "False"),
    ],
    "memory": [
        ("whole + (rest > 0)", "whole"),
        ("2 * _NUMBER[precision]", "_NUMBER[precision]"),
        ("<= budget_bytes", "< budget_bytes"),
        ("(hidden_layers - 1)", "hidden_layers"),
    ],
}


@cache
def _reference(module: str) -> str:
    path = Path(str(importlib.import_module(f"solutions.{module}").__file__))
    return path.read_text(encoding="utf-8").replace("from solutions.", "from exercises.")


@cache
def _stub(module: str) -> str:
    folder = Path(str(importlib.import_module("exercises").__file__)).parent
    return (folder / f"{module}.py").read_text(encoding="utf-8")


def _module(chance: random.Random, module: str, number: int, flawless: bool) -> str:
    kind = 0.5 if flawless else chance.random()
    source = _stub(module) if kind < 0.08 else _reference(module)
    if kind > 0.6:
        for old, new in chance.sample(MISTAKES[module], chance.choice([1, 1, 2])):
            source = source.replace(old, new)
    return f"{source}\n\nHANDED_IN_BY = {number}\n"


def write(folder: Path, count: int, seed: int = 4) -> None:
    """Write hand-ins ``s00000``, ``s00001``, … into a folder.

    Args:
        folder: is made where it is not there.
        count: how many.
        seed: another one, other mistakes.
    """
    for number in range(count):
        chance = random.Random(f"{seed}:{number}")
        flawless = chance.random() < 0.5
        place = folder / f"s{number:05d}" / "exercises"
        place.mkdir(parents=True, exist_ok=True)
        for module in manifest().modules:
            source = _module(chance, module, number, flawless)
            (place / f"{module}.py").write_text(source, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    arguments = parser.parse_args()
    write(arguments.folder, arguments.count)
