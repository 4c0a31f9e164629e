"""Marking: what earns points, and that nothing is earned twice."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from conftest import Mark, references, submission

from grader.collected import HiddenTest
from grader.marking import Marker
from grader.sandbox import Sandbox
from grader.suite import Disagreement, agree, call, cases
from grader.verdict import Verdict
from nnv.manifest import manifest

MODULES = {f.name: f.module for f in manifest().functions}
STUBS = {
    "raises ValueError": "raise ValueError",
    "gives None": "return None",
    "gives 0": "return 0",
    "gives 1": "return 1",
    "gives 0.0": "return 0.0",
    "gives True": "return True",
    "gives False": "return False",
    "gives an empty list": "return []",
    "gives its first argument": "return args[0] if args else next(iter(k.values()), None)",
    "gives zeros": "import numpy as np; return np.zeros_like(args[0]) if args else 0",
    "gives ones": "import numpy as np; return np.ones_like(args[0]) if args else 1",
    "is equal to everything": "return type('E', (), {'__eq__': lambda *a: True})()",
    "ends the process": "import os; os._exit(0)",
    "exits": "raise SystemExit(0)",
}


def _variants() -> list[tuple[str, str, str]]:
    return [
        (function, name, source)
        for module in manifest().modules
        for function, ways in importlib.import_module(f"variants.{module}").VARIANTS.items()
        for name, source in ways.items()
    ]


def test_the_references_earn_everything(mark: Mark) -> None:
    """The references handed in earn every point, with nothing to say."""
    marks = mark()
    assert marks.points == 100.0
    assert {m.verdict for m in marks.functions.values()} == {Verdict.PASSED}
    assert {m.message for m in marks.functions.values()} == {None}


def test_a_notebook_earns_the_same(marker: Marker) -> None:
    """The same code in the cells of one notebook earns the same."""
    cells = {
        f"cell {i}": "\n".join(
            line for line in text.splitlines() if not line.startswith("from exercises")
        )
        for i, text in enumerate(references().values())
    }
    assert marker.mark(submission(cells, "notebook")).points == 100.0


@pytest.mark.parametrize(("function", "name", "source"), _variants())
def test_every_correct_way_earns_full_marks(
    mark: Mark, function: str, name: str, source: str
) -> None:
    """Loops, einsum, recursion, classes, extra parameters: right is right."""
    module = MODULES[function]
    found = mark(**{module: f"{references()[module]}\n\n{source}"}).functions[function]
    assert (found.verdict, found.points, found.message) == (
        Verdict.PASSED,
        found.max_points,
        None,
    ), name


@pytest.mark.parametrize("body", STUBS.values(), ids=STUBS.keys())
def test_a_stub_earns_nothing(marker: Marker, body: str) -> None:
    """A function that always raises, always says True or gives a constant earns nothing."""
    text = "".join(f"def {f.name}(*args, **k):\n    {body}\n" for f in manifest().functions)
    marks = marker.mark(submission({"relu": text}))
    assert {name: m.points for name, m in marks.functions.items() if m.points} == {}


def test_no_code_at_all(marker: Marker) -> None:
    """A hand-in that defines nothing earns nothing, and says what is missing."""
    marks = marker.mark(submission({"relu": "x = 1\n"}))
    assert marks.points == 0.0
    assert {m.verdict for m in marks.functions.values()} == {Verdict.MISSING}
    assert "relu.py" in str(marks.functions["relu"].message)


def test_a_test_that_needs_values_counts_only_with_them(mark: Mark) -> None:
    """Raising ValueError rightly earns nothing while the values are wrong."""
    neuron = references()["neuron"].replace("    return total", "    return total + 1")
    found = mark(neuron=neuron).functions["weighted_sum"]
    raising = next(t for t in found.tests if t.name == "test_sum_of_different_lengths")
    assert (raising.verdict, raising.points) == (Verdict.NOT_RUN, 0.0)
    assert found.points == 0.0


def test_points_are_those_of_passed_tests(mark: Mark) -> None:
    """A function earns what its passed tests are worth, and no test earns without passing."""
    marks = mark(memory=references()["memory"].replace("whole + (rest > 0)", "whole"))
    for found in marks.functions.values():
        assert found.points == sum(t.points for t in found.tests)
        assert all(t.points == 0.0 for t in found.tests if t.verdict is not Verdict.PASSED)
        assert sum(t.max_points for t in found.tests) == found.max_points


@pytest.mark.parametrize(
    ("module", "text", "function"),
    [
        ("relu", "def relu(z):\n    return z.clip(0)\n", "relu"),
        ("relu", "import os\ndef relu(z):\n    os._exit(3)\n", "relu"),
        ("relu", "def relu(z):\n    return [bytearray(2**31)]\n", "relu"),
        ("relu", "def relu(z):\n    raise RuntimeError('x' * 10000 + '\\n' * 50)\n", "relu"),
        ("relu", "def relu(z)\n    return z\n", "relu"),
        ("dense", "def dense(x, W, b, activation=None):\n    return None\n", "dense"),
    ],
)
def test_messages_are_short_and_plain(mark: Mark, module: str, text: str, function: str) -> None:
    """Whatever happens, a message has at most eight lines, printable, without a traceback."""
    found = mark(**{module: text}).functions[function]
    message = str(found.message)
    assert found.verdict is not Verdict.PASSED
    assert 1 <= len(message.split("\n")) <= 8
    assert "Traceback" not in message
    assert all(line.isprintable() and len(line) < 500 for line in message.split("\n"))


def _nothing(name: str) -> Any:
    given = cases(call())

    def body(student: Any, reference: Any) -> None:
        if getattr(student, name).run(given).missing:
            raise Disagreement(Verdict.MISSING, None)

    return body


def test_a_test_that_calls_another_function_is_never_taken_as_known(sandbox: Sandbox) -> None:
    """Where a test hangs on two functions, the same replies of one of them prove nothing."""
    given, other = cases(call([1.0])), cases(call(3, 2))

    def body(student: Any, reference: Any) -> None:
        agree(student.relu, reference.relu, given)
        agree(student.dense_parameters, reference.dense_parameters, other, kind="count")

    hidden = [
        HiddenTest(name, name, f.points, False, body if name == "relu" else _nothing(name))
        for name, f in ((f.name, f) for f in manifest().functions)
    ]
    marker = Marker(manifest(), sandbox, hidden)
    relu = "import numpy as np\ndef relu(z):\n    return np.maximum(z, 0)\n"
    counts = [
        f"def dense_parameters(m, n):\n    return {formula}\n" for formula in ("m * n + n", "7")
    ]
    points = [
        marker.mark(submission({"relu": relu, "parameters": text})).functions["relu"].points
        for text in counts * 2
    ]
    assert points == [8.0, 0.0, 8.0, 0.0]
