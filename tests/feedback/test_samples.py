"""What pictures are drawn from: the student's own numbers, and nothing that is no number."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import references, submission

from grader.attempt import Attempt
from grader.cases import Cases, Run
from grader.feedback import samples
from grader.references import functions
from grader.sandbox import Raised, Returned
from grader.sandbox.box import Sandbox
from nnv.manifest import manifest

Take = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def due() -> dict[str, Any]:
    """The samples of the references."""
    return samples.reference(functions(manifest()))


@pytest.fixture
def take(sandbox: Sandbox) -> Take:
    """Sample the references with some modules written otherwise, in the sandbox."""

    def taken(seconds: float = 10.0, **modules: str) -> dict[str, Any]:
        sources = {**references(), **modules}
        attempt = Attempt(sandbox, submission(sources), deadline=time.monotonic() + seconds)
        try:
            return samples.take(attempt.run)
        finally:
            attempt.close()

    return taken


def gives(value: object) -> Callable[[str, Cases], Run]:
    """Functions that all give this."""

    def ask(name: str, given: Cases) -> Run:
        return Run(tuple(Returned(value=value, changed=False) for _ in given))

    return ask


def empty(taken: dict[str, Any]) -> bool:
    """Whether nothing was kept."""
    neuron = taken["neuron"]
    parts = [v for k, v in taken.items() if k != "neuron"]
    return not any(parts) and neuron == {"dots": None, "line": None}


def test_right_functions_give_what_the_references_give(take: Take, due: dict[str, Any]) -> None:
    """The same picture whether drawn from the references here or in the sandbox."""
    assert take() == due


def test_the_reference_draws_what_the_lesson_says(due: dict[str, Any]) -> None:
    """ReLU bends at 0, a wider network costs four times as much, 7 billion take 14 GB."""
    assert due["relu"][:13] == [0.0] * 13
    assert due["relu"][-1] == 3.0
    assert [b / a for a, b in zip(due["counts"], due["counts"][1:], strict=False)] == pytest.approx(
        [4, 4, 4], rel=1e-3
    )
    assert due["weights"][samples.MODELS.index((7, 16))] == 14e9


def test_a_wrong_function_draws_its_own_curve(take: Take, due: dict[str, Any]) -> None:
    """A relu that gives the absolute value draws it, and the network folds with it."""
    taken = take(relu="import numpy as np\n\n\ndef relu(z):\n    return np.abs(z)\n")
    assert taken["relu"][0] == 3.0
    assert taken["folds"]["layers"] != due["folds"]["layers"]
    assert taken["counts"] == due["counts"]


def test_a_relu_for_single_numbers_draws_too(take: Take, due: dict[str, Any]) -> None:
    """One that fails on arrays is drawn from calls with numbers."""
    assert take(relu="def relu(z):\n    return z if z > 0 else 0\n")["relu"] == due["relu"]


@pytest.mark.parametrize(
    "value",
    [
        "<svg onload=alert(1)>",
        None,
        True,
        float("nan"),
        float("inf"),
        1e300,
        1j,
        {"a": 1},
        [[1.0], [2.0, 3.0]],
        np.zeros((7, 7, 7)),
        np.array(["x"]),
        [],
    ],
    ids=repr,
)
def test_what_is_no_number_of_the_right_shape_is_not_kept(value: object) -> None:
    """Text, nan, infinities, huge numbers and odd shapes leave nothing to draw."""
    assert empty(samples.take(gives(value)))


def test_functions_that_raise_leave_nothing() -> None:
    """An exception draws nothing."""

    def ask(name: str, given: Cases) -> Run:
        raised = Raised("ValueError", "no", True, None, None, False)
        return Run(tuple(raised for _ in given))

    assert empty(samples.take(ask))


def test_a_missing_function_leaves_only_its_own_picture_out(
    take: Take, due: dict[str, Any]
) -> None:
    """Without memory.py the bars of bytes are missing, and all else is there."""
    taken = take(memory="")
    assert (taken["weights"], taken["steps"]) == (None, None)
    assert taken["folds"] == due["folds"]


@pytest.mark.parametrize("body", ["while True: pass", "import os; os._exit(3)"])
def test_a_function_that_hangs_or_ends_the_process_stops_the_sampling(
    take: Take, due: dict[str, Any], body: str
) -> None:
    """What was sampled before it is kept; the rest is left out, and nothing waits for long."""
    text = references()["parameters"] + f"\n\ndef network_parameters(sizes):\n    {body}\n"
    assert take(seconds=1.5, parameters=text) == {"relu": due["relu"], "neuron": due["neuron"]}


@pytest.mark.parametrize(
    "layers",
    [
        "[]",
        "[(np.ones((2, 1)), np.zeros(1))]",
        "[(np.ones((2, 2)), np.zeros(2)), (np.ones((3, 1)), np.zeros(1))]",
        "[(np.ones((2, 2)), np.zeros(2)), (np.ones((2, 2)), np.zeros(2))]",
        "[(np.ones((2, 99)), np.zeros(99)), (np.ones((99, 1)), np.zeros(1))]",
        "[(np.full((2, 2), np.nan), np.zeros(2)), (np.ones((2, 1)), np.zeros(1))]",
        "[5, 'x']",
        "[(np.ones((2, 2)),)] * 2",
    ],
)
def test_layers_that_do_not_fit_together_draw_no_folds(take: Take, layers: str) -> None:
    """They must lead from two inputs through a hidden layer to one output."""
    text = references()["network"] + f"\n\ndef xor_layers():\n    return {layers}\n"
    assert take(network=text)["folds"] is None


@pytest.mark.parametrize("width", [1, 3, 8])
def test_hidden_layers_of_any_width_are_seen_in_two_dimensions(take: Take, width: int) -> None:
    """A point of the plane stays one point, however many neurons the layer has."""
    text = references()["network"] + (
        f"\n\ndef xor_layers():\n    hidden = np.ones((2, {width})), np.arange({width}) * 0.5\n"
        f"    return [hidden, (np.ones(({width}, 1)), np.zeros(1))]\n"
    )
    folds = take(network=text)["folds"]
    assert folds["widths"] == [width, 1]
    assert np.shape(folds["layers"]) == (1, len(samples.PLANE), 2)


def test_what_hung_in_the_tests_is_not_called_again() -> None:
    """A function to be skipped is not asked."""
    asked: list[str] = []

    def ask(name: str, given: Cases) -> Run:
        asked.append(name)
        return Run(missing=True)

    samples.take(ask, skip=frozenset({"relu", "xor_layers"}))
    assert "relu" not in asked
    assert "neuron" in asked
