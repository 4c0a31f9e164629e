"""What the self-checks beside the exercises say: ``check(dense, x, W, b, gives=[1.0])``.

A self-check judges with the yardstick of the grader and fails with a message to a beginner: the
call, what came back, what was expected, where they differ first, one hint.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from nnv import compare, wording
from nnv.calls import NO_RETURN, SHOULD_RAISE, Call, Checked, DueError, SelfCheckError, plain

__all__ = ["SelfCheckError", "check", "check_raises", "check_xor"]


def check(function: Checked, *args: object, gives: object, **kwargs: object) -> None:
    """Call a student's function and compare what comes back with what is due.

    Args:
        function: the student's function.
        *args: its arguments.
        gives: the value that is due: a number, a truth value, a nested list, or a pair of them.
        **kwargs: more of its arguments.

    Raises:
        SelfCheckError: another value came back, it raised, changed its arguments, or is a stub.
    """
    __tracebackhide__ = True
    call = Call(function, args, kwargs)
    got = call.result()
    due = _as_due(gives)
    kind = _kind(gives, (*args, *kwargs.values()))
    loose = any(compare.involves_float32(arg) for arg in (*args, *kwargs.values()))
    difference = compare.difference(plain(got), due, kind=kind, loose=loose)
    if difference is not None:
        lines = wording.value_lines(plain(got), due, difference)
        raise call.wrong(lines, NO_RETURN if got is None else call.hint)
    call.must_leave_arguments_alone()


def check_raises(function: Checked, *args: object, **kwargs: object) -> None:
    """Call a student's function with input that makes no sense: it must raise ValueError.

    Raises:
        SelfCheckError: it gave a value, raised something else, or is a stub.
    """
    __tracebackhide__ = True
    call = Call(function, args, kwargs)
    try:
        got = call.result(due="a ValueError")
    except DueError:
        return
    lines = [f"  gave      {wording.show(plain(got))}", "  expected  a ValueError"]
    raise call.wrong(lines, SHOULD_RAISE)


def check_xor(xor_layers: Checked) -> None:
    """Call a student's ``xor_layers`` and try the network that it describes on all four inputs.

    Raises:
        SelfCheckError: the layers do not fit together, or an output is on the wrong side of 0.5.
    """
    __tracebackhide__ = True
    call = Call(xor_layers, (), {})
    layers = _layers_of(call)
    for x, above in (((0, 0), False), ((0, 1), True), ((1, 0), True), ((1, 1), False)):
        output = _output(layers, x)
        if not (output > 0.5 if above else output < 0.5):
            side = "above" if above else "below"
            lines = [
                f"  for {x} its network gives {wording.show_float(output)}",
                f"  expected  a number {side} 0.5",
            ]
            raise call.wrong(lines, call.hint)


def _as_due(gives: object) -> object:
    """Nested lists that are due are arrays, so that messages can name their shape."""
    if isinstance(gives, list):
        return np.asarray(gives)
    if isinstance(gives, tuple):
        return tuple(_as_due(item) for item in gives)
    return gives


def _kind(gives: object, args: Sequence[object]) -> compare.Kind:
    if isinstance(gives, (bool, np.bool_)):
        return "truth"
    if isinstance(gives, tuple):
        return "pair"
    whole = isinstance(gives, int) and all(isinstance(arg, (int, list, str)) for arg in args)
    return "count" if whole and not any(map(_holds_floats, args)) else "real"


def _holds_floats(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_holds_floats, value))
    return not isinstance(value, (int, str))


_Layer = tuple[list[list[float]], list[float]]


def _layers_of(call: Call) -> list[_Layer]:
    """The layers that ``xor_layers`` gives, once they fit together."""
    __tracebackhide__ = True
    got = call.result()
    is_list = isinstance(got, (list, tuple)) and all(
        isinstance(layer, (list, tuple)) and len(layer) == 2 for layer in got
    )
    if not is_list or not isinstance(got, (list, tuple)):
        raise call.wrong(
            [f"  gave      {wording.show(plain(got))}", "  expected  a list of pairs (W, b)"],
            NO_RETURN if got is None else "build it as [(W1, b1), (W2, b2)]",
        )
    if len(got) < 2:
        lines = [f"  gave      layers: {len(got)}", "  expected  at least one hidden layer"]
        raise call.wrong(lines, "one layer alone draws a straight line; XOR needs a bend")
    return _shaped(call, got)


def _shaped(call: Call, got: Sequence[Sequence[object]]) -> list[_Layer]:
    __tracebackhide__ = True
    layers, width = [], 2
    for number, (W, b) in enumerate(got, start=1):
        weights, biases = compare.real_array(plain(W)), compare.real_array(plain(b))
        n = 1 if number == len(got) else "n"
        wanted = f"W of shape ({width}, {n}) and b of shape ({n},)"
        if weights is None or biases is None:
            lines = [f"  layer {number}   is not made of numbers", f"  expected  {wanted}"]
            raise call.wrong(lines, None)
        columns = weights.shape[1] if weights.ndim == 2 else 0
        fits = weights.shape == (width, columns) and biases.shape == (columns,) and columns > 0
        if not fits or (n == 1 and columns != 1):
            found = f"W of shape {weights.shape} and b of shape {biases.shape}"
            lines = [f"  layer {number}   {found}", f"  expected  {wanted}"]
            raise call.wrong(lines, "row i of W holds the weights that leave input i")
        layers.append((weights.tolist(), biases.tolist()))
        width = columns
    return layers


def _output(layers: Sequence[_Layer], x: Sequence[float]) -> float:
    """The one output for one input, asked for from the output backwards, number by number."""

    @cache
    def signal(depth: int, j: int) -> float:
        if depth == 0:
            return float(x[j])
        rows, shifts = layers[depth - 1]
        total = shifts[j]
        for i, row in enumerate(rows):
            total += row[j] * signal(depth - 1, i)
        return total if depth == len(layers) or total > 0 else 0.0

    return signal(len(layers), 0)
