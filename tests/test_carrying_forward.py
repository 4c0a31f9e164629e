"""Carrying forward: one mistake costs once, and no reference is reached from a replaced helper."""

from __future__ import annotations

import random
from typing import Any

import pytest
from conftest import Mark, references, submission

from grader.marking import Marker
from grader.sandbox import Guest, Program, Sandbox
from grader.verdict import Verdict
from nnv.manifest import manifest

MODULES = {f.name: f.module for f in manifest().functions}
IDENTITY_RELU = "def relu(z):\n    return z\n"


def test_one_mistake_costs_its_points_once(mark: Mark) -> None:
    """What is wrong only through a wrong relu earns full points and says what was replaced."""
    marks = mark(relu=IDENTITY_RELU)
    assert marks.points == 92.0
    for name in ("neuron", "dense", "network"):
        found = marks.functions[name]
        assert (found.verdict, found.carried_forward) == (Verdict.PASSED, ("relu",))
        assert found.misconception is None
        assert found.message == "right in itself: it failed only through relu, which is wrong"


def test_helpers_in_float32_are_named_as_what_they_are(mark: Mark) -> None:
    """They are right; who goes on with their numbers is told so, whatever others were told."""
    forgets_bias = references()["dense"].replace("x @ W + b)", "x @ W)")
    wrong = mark(relu=IDENTITY_RELU, dense=forgets_bias).functions["network"]
    marks = mark(relu="import numpy as np\ndef relu(z):\n    return np.maximum(np.float32(z), 0)\n")
    coarse = marks.functions["network"]
    assert marks.points == 100.0
    assert wrong.carried_forward == coarse.carried_forward == ("relu", "dense")
    told = [str(mark.message).rpartition("through ")[2] for mark in (wrong, coarse)]
    assert told == [
        "relu and dense, which are wrong",
        "relu and dense, which give only float32 numbers",
    ]


def test_only_what_is_wrong_in_itself_is_replaced(mark: Mark) -> None:
    """A chain of helpers is carried by its first, wrong link alone."""
    parameters = references()["parameters"].replace("m * n + n", "m * n")
    marks = mark(parameters=parameters)
    assert marks.points == 94.0
    carried = {n: m.carried_forward for n, m in marks.functions.items() if m.carried_forward}
    assert carried == dict.fromkeys(
        ("network_parameters", "training_bytes", "fits", "widest_hidden_layer"),
        ("dense_parameters",),
    )


def test_a_mistake_of_its_own_is_still_found(mark: Mark) -> None:
    """With a right relu in place, a layer that forgets the bias is named as such."""
    dense = references()["dense"].replace("x @ W + b)", "x @ W)")
    marks = mark(relu=IDENTITY_RELU, dense=dense)
    assert marks.functions["dense"].points == 0.0
    named = marks.functions["dense"].misconception
    assert named is not None
    assert named.text == "behaves like a layer that forgets the bias"
    assert marks.functions["network"].points == 12.0


def test_a_missing_helper_is_carried_forward(mark: Mark) -> None:
    """Without relu.py the functions that import it are graded with the reference in its place."""
    marks = mark(relu=None)
    assert marks.functions["relu"].verdict is Verdict.MISSING
    assert marks.points == 92.0
    assert marks.functions["dense"].carried_forward == ("relu",)


def test_a_helper_that_hangs_costs_its_points_once(mark: Mark) -> None:
    """Functions that call one which never ends are graded with the reference in its place."""
    marks = mark(
        dense=references()["dense"].replace("    x, W, b =", "    while True: pass\n    x, W, b =")
    )
    found = marks.functions["dense"]
    assert found.verdict is Verdict.TIMEOUT
    assert [t.verdict for t in found.tests] == [Verdict.TIMEOUT] + [Verdict.NOT_RUN] * 6
    assert marks.functions["network"].carried_forward == ("dense",)
    assert marks.points == 88.0


FITS_AS_ORACLE = """
def training_bytes(sizes, batch, optimizer="adam", precision="fp32"):
    low, high = 0, 2**63
    while low < high:
        middle = (low + high) // 2
        if fits(sizes, batch, middle, optimizer, precision):
            high = middle
        else:
            low = middle + 1
    return low
def fits(*args):
    raise ValueError
"""


def test_from_a_replaced_helper_no_other_reference_is_reached(mark: Mark) -> None:
    """Who breaks fits on purpose and asks its reference for training_bytes gets nothing."""
    memory = references()["memory"] + FITS_AS_ORACLE
    marks = mark(memory=memory)
    assert marks.functions["training_bytes"].points == 0.0
    assert marks.functions["fits"].points == 0.0


SEARCHER = """
import gc, sys, types
def fits(*args): raise ValueError
def training_bytes(sizes, batch, optimizer="adam", precision="fp32"):
    fits
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType) and thing.__name__ == "training_bytes":
            if thing.__code__ is not training_bytes.__code__:
                return thing(sizes, batch, optimizer, precision)
    for module in [m for n, m in sys.modules.items() if n.startswith("exercises.")]:
        other = getattr(module, "training_bytes", None)
        if other is not None and other is not training_bytes:
            return other(sizes, batch, optimizer, precision)
    import solutions.memory
    return solutions.memory.training_bytes(sizes, batch, optimizer, precision)
"""


def test_the_reference_is_nowhere_in_the_process(mark: Mark) -> None:
    """Looking for the reference among all objects and modules of the process finds nothing."""
    assert mark(memory=references()["memory"] + SEARCHER).functions["training_bytes"].points == 0.0


def test_a_replaced_helper_is_never_shown(mark: Mark) -> None:
    """Where a function is wrong with a right helper too, what it gave is not in the message."""
    marks = mark(
        relu="def relu(z):\n    return -z\n",
        neuron=references()["neuron"] + "\ndef neuron(x, w, b, activation=relu):\n"
        "    return 1000.0 + float(relu(weighted_sum(x, w, b))) if activation is relu else 0.5\n",
    )
    neuron = marks.functions["neuron"]
    assert neuron.points < neuron.max_points
    shown = str(neuron.message) + str([t.message for t in neuron.tests if neuron.carried_forward])
    assert "1000" not in shown or not neuron.carried_forward
    assert "gave" not in shown or not neuron.carried_forward


def test_marks_are_the_same_every_time(mark: Mark) -> None:
    """Two markings of the same code give the same marks, to the last character."""
    wrong: dict[str, Any] = {"relu": IDENTITY_RELU, "memory": "def fits(*a): return object()\n"}
    first, second = mark(**wrong), mark(**wrong)
    assert [m.as_json() for m in first.functions.values()] == [
        m.as_json() for m in second.functions.values()
    ]


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[frozenset[str]]:
    """What was replaced in each process that was started."""
    started: list[frozenset[str]] = []
    real = Sandbox.open

    def opened(self: Sandbox, program: Program, replaced: Any = None, **more: Any) -> Guest:
        started.append(frozenset(replaced or ()))
        return real(self, program, replaced, **more)

    monkeypatch.setattr(Sandbox, "open", opened)
    return started


def test_one_process_is_enough(mark: Mark, processes: list[frozenset[str]]) -> None:
    """What is right, and what is wrong through helpers alone, costs one process."""
    assert mark().points == 100.0
    assert processes == [frozenset()]
    wrong = mark(relu=references()["relu"].replace("np.maximum(z, 0)", "np.abs(z)"))
    assert {m.carried_forward for m in wrong.functions.values()} == {(), ("relu",)}
    assert processes == [frozenset()] * 2


REMEMBERS = """
from exercises.relu import relu
_known = {}
def _bend(z):
    key = str(z)
    if key not in _known:
        _known[key] = relu(z)
    return _known[key]
"""


def test_what_a_helper_gave_before_is_not_remembered(mark: Mark) -> None:
    """A cache that is filled with a wrong helper's results costs its owner nothing."""
    neuron = references()["neuron"].replace("from exercises.relu import relu", REMEMBERS)
    neuron = neuron.replace("= relu) -> float", "= _bend) -> float")
    assert "= _bend)" in neuron
    marks = mark(relu=references()["relu"].replace("np.maximum(z, 0)", "np.abs(z)"), neuron=neuron)
    assert marks.functions["neuron"].carried_forward == ("relu",)
    assert marks.functions["neuron"].points == marks.functions["neuron"].max_points


HOARD = """
import builtins
import sys

_hoard = builtins.__dict__.setdefault("_hoard", {{}})


def _search():
    for module in [m for n, m in sys.modules.items() if n.startswith("exercises.")]:
        for name, value in list(getattr(module, "__dict__", {{}}).items()):
            kept = getattr(value, "__kwdefaults__", None)
            if isinstance(kept, dict) and "_reference" in kept:
                _hoard.setdefault(name, []).append(kept["_reference"])


def {name}(*args, **kwargs):
    ({reached})
    if _hoard.setdefault("busy", []):
        raise RuntimeError
    _hoard["busy"].append(1)
    for other in ({reached}):  # so that a replaced one is on record as called
        try:
            other(*args, **kwargs)
        except Exception:
            pass
    _hoard["busy"].clear()
    _search()
    for reference in _hoard.get("{name}", ()):
        try:
            return reference(*args, **kwargs)
        except ValueError:
            raise
        except Exception:
            continue
    raise RuntimeError
"""


@pytest.mark.parametrize("seed", range(6))
def test_who_hoards_references_earns_nothing(marker: Marker, seed: int) -> None:
    """Whatever a function says that it calls, its own reference never comes within its reach.

    Every function keeps each reference that it finds in a place that outlives the modules, and
    answers with the one of its own name as soon as there is one.
    """
    chance = random.Random(seed)
    names = manifest().names
    sources: dict[str, str] = {}
    for name in names:
        others = chance.sample([n for n in names if n != name], chance.randrange(5))
        reached = "".join(f"{n}, " for n in others)
        imports = "".join(f"from exercises.{MODULES[n]} import {n}\n" for n in others)
        text = HOARD.format(name=name, reached=reached) + imports
        sources[MODULES[name]] = sources.get(MODULES[name], "") + text
    marks = marker.mark(submission(sources))
    assert {name: m.points for name, m in marks.functions.items()} == dict.fromkeys(names, 0.0)
