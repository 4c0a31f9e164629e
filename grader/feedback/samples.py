"""What the pictures of a student's page are drawn from: a few calls of the student's own functions.

They run where the tests ran, in the sandbox. What comes back is a stranger's data: it is kept only
where it has the shape that was due and every number in it is finite, rounded to four digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.cases import Cases, LocalFunctions, Run, call, cases
from grader.sandbox import Returned
from nnv.compare import real_array

Floats = npt.NDArray[np.float64]
Ask = Callable[[str, Cases], Run]

DIGITS = 4
LARGEST = 1e15  # beyond it a picture has nothing to show
MOST_LAYERS = 4
MOST_NEURONS = 16

RELU_X = np.linspace(-3, 3, 25)
NEURON_W, NEURON_B = (1.0, -0.75), 0.25
NEURON_AXIS = np.linspace(-2, 2, 9)
LINE_AXIS = np.linspace(-2, 2, 3)
PLANE_AXIS = np.linspace(-0.5, 1.5, 17)  # holds 0 and 1, so that the four points of XOR are in it
PLANE = np.array([(x, y) for y in PLANE_AXIS for x in PLANE_AXIS])
CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))

WIDTHS = (1024, 2048, 4096, 8192)
MODELS = ((1, 16), (7, 4), (7, 16), (70, 4), (70, 16))
"""Models of so many billion parameters, at so many bits each."""
TRAINED = (8192,) * 25
TRAINED_BATCH = 1024
STEPS = (("sgd", "fp32"), ("momentum", "fp32"), ("adam", "fp32"))

_RELU = cases(call(RELU_X), *(call(float(x)) for x in RELU_X))
_NEURON = cases(
    *(
        call(np.array([x, y]), np.array(NEURON_W), NEURON_B)
        for y in NEURON_AXIS
        for x in NEURON_AXIS
    )
)
_LINE = cases(
    *(call(np.array([x, y]), np.array(NEURON_W), NEURON_B) for y in LINE_AXIS for x in LINE_AXIS)
)
_XOR = cases(call())
_COUNTS = cases(*(call([width, width, width]) for width in WIDTHS))
_WEIGHTS = cases(*(call(billions * 10**9, bits=bits) for billions, bits in MODELS))
_STEPS = cases(
    *(
        call(list(TRAINED), TRAINED_BATCH, optimizer=optimizer, precision=precision)
        for optimizer, precision in STEPS
    )
)


class _Lost(Exception):
    """The student's process did not answer: no more pictures."""


def take(ask: Ask, skip: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Sample a student's functions, or the references.

    Args:
        ask: calls a function with cases.
        skip: functions that are not called, since they hung or crashed in the tests.

    Returns:
        JSON data by picture: ``relu`` (values at `RELU_X`), ``neuron`` (``dots`` on `NEURON_AXIS`
        squared and ``line``, the weighted sums on `LINE_AXIS` squared), ``folds`` (``layers``:
        where each hidden layer takes `PLANE`, ``answer``: what the network gives on it,
        ``collapsed``: the same for the collapsed layers), ``counts``, ``weights`` and ``steps``
        (numbers). What was not usable is None or not there.
    """
    taken: dict[str, Any] = {}

    def asked(function: str, given: Cases) -> Run:
        if function in skip:
            return Run(missing=True)
        run = ask(function, given)
        if run.ending is not None:
            raise _Lost
        return run

    try:
        taken["relu"] = _relu(asked("relu", _RELU))
        taken["neuron"] = {
            "dots": _numbers(asked("neuron", _NEURON)),
            "line": _numbers(asked("weighted_sum", _LINE)),
        }
        taken["counts"] = _numbers(asked("network_parameters", _COUNTS))
        taken["weights"] = _numbers(asked("weight_bytes", _WEIGHTS))
        taken["steps"] = _numbers(asked("training_bytes", _STEPS))
        taken["folds"] = _folds(asked)
    except _Lost:
        pass
    return taken


def reference(functions: Mapping[str, Callable[..., object]]) -> dict[str, Any]:
    """The same of trusted functions."""
    local = LocalFunctions(functions)
    return take(lambda name, given: getattr(local, name).run(given))


def _relu(run: Run) -> list[float | None] | None:
    """The curve from one call with an array, or else from calls with single numbers."""
    whole = _value(run, 0, RELU_X.shape)
    if whole is not None:
        curve: list[float | None] = _rounded(whole)
        return curve
    single = [_value(run, i + 1, ()) for i in range(len(RELU_X))]
    if all(value is None for value in single):
        return None
    return [None if value is None else _rounded(value) for value in single]


def _numbers(run: Run) -> list[float | None] | None:
    """One number a call; None where every call gave something else."""
    values = [_value(run, i, ()) for i in range(len(run.outcomes))]
    if all(value is None for value in values):
        return None
    return [None if value is None else _rounded(value) for value in values]


def _folds(ask: Ask) -> dict[str, Any] | None:
    layers = _layers(ask("xor_layers", _XOR))
    if layers is None:
        return None
    folded = []
    for depth in range(1, len(layers)):
        width = len(layers[depth - 1][1])
        seen = [*layers[:depth], (np.eye(width), np.zeros(width))]  # so that ReLU still follows
        folded.append(_fold(ask("network", cases(call(PLANE, seen))), width))
    answer = _value(ask("network", cases(call(PLANE, layers))), 0, (len(PLANE), 1))
    return {
        "widths": [len(b) for _, b in layers],
        "layers": folded,
        "answer": None if answer is None else _rounded(answer.ravel()),
        "collapsed": _collapsed(ask("collapse", cases(call(layers)))),
    }


def _fold(run: Run, width: int) -> list[list[float]] | None:
    """Where a hidden layer takes the plane, in two dimensions: the two in which it is widest."""
    found = _value(run, 0, (len(PLANE), width))
    if found is None:
        return None
    if width == 1:
        found = np.column_stack([found, np.zeros(len(PLANE))])
    elif width > 2:
        centred = found - found.mean(axis=0)
        _, _, directions = np.linalg.svd(centred, full_matrices=False)
        signs = np.where(directions[:2].sum(axis=1) < 0, -1.0, 1.0)
        found = centred @ (directions[:2] * signs[:, None]).T
    rounded: list[list[float]] = _rounded(found)
    return rounded


def _collapsed(run: Run) -> list[float] | None:
    if not run.outcomes or not isinstance(run.outcomes[0], Returned):
        return None
    pair = run.outcomes[0].value
    if not isinstance(pair, (list, tuple)) or len(pair) != 2:
        return None
    W, b = _finite(pair[0], (2, 1)), _finite(pair[1], (1,))
    if W is None or b is None:
        return None
    values: list[float] = _rounded((PLANE @ W + b).ravel())
    return values


def _layers(run: Run) -> list[tuple[Floats, Floats]] | None:
    """The layers as `network` takes them; None where they do not fit together from 2 to 1."""
    if not run.outcomes or not isinstance(run.outcomes[0], Returned):
        return None
    value = run.outcomes[0].value
    if not isinstance(value, (list, tuple)) or not 2 <= len(value) <= MOST_LAYERS:
        return None
    layers, width = [], 2
    for pair in value:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            return None
        b = real_array(pair[1])
        if b is None or b.ndim != 1 or not 1 <= len(b) <= MOST_NEURONS:
            return None
        W, b = _finite(pair[0], (width, len(b))), _finite(b, b.shape)
        if W is None or b is None:
            return None
        layers.append((W, b))
        width = len(b)
    return layers if width == 1 else None


def _value(run: Run, index: int, shape: tuple[int, ...]) -> Floats | None:
    if index >= len(run.outcomes):
        return None
    outcome = run.outcomes[index]
    return _finite(outcome.value, shape) if isinstance(outcome, Returned) else None


def _finite(value: object, shape: tuple[int, ...]) -> Floats | None:
    array = real_array(value)
    if array is None or array.shape != shape or not (np.abs(array) < LARGEST).all():
        return None
    return array


def _rounded(array: Floats) -> Any:
    """To four significant digits, which is finer than a picture shows."""
    with np.errstate(all="ignore"):
        size = np.where(array == 0, 1.0, np.abs(array))
        scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(np.maximum(size, 1e-6))))
        return (np.round(array * scale) / scale + 0.0).tolist()
