"""Wrong versions of dense.

Most refuse the shapes that `dense` refuses, so that they show one mistake each.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from solutions.dense import dense
from solutions.misconceptions import misconception
from solutions.relu import relu

_dense = partial(misconception, "dense")

Activation = Callable[[Any], Any]


def _arrays(x: Any, W: Any, b: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take inputs, weights and biases as arrays that fit each other."""
    dense(x, W, b)
    return np.asarray(x), np.asarray(W), np.asarray(b)


@_dense("forgets-bias", "behaves like a layer that forgets the bias")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return dense(x, W, np.zeros_like(b), activation)


@_dense("never-bends", "behaves like a linear layer: it never bends the sums")
def _never_bends(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    x, W, b = _arrays(x, W, b)
    return x @ W + b


@_dense("always-relu", "behaves like a layer that bends with ReLU whatever it is given")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return dense(x, W, b, relu)


@_dense("no-default", "behaves like a layer that bends only when it is given an activation")
def _(x: Any, W: Any, b: Any, activation: Activation | None = None) -> Any:
    return _never_bends(x, W, b) if activation is None else dense(x, W, b, activation)


@_dense("transposed", "behaves like a layer that multiplies by W transposed")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    x, W, b = _arrays(x, W, b)
    return activation(x @ W.T + b)


@_dense("rows-as-neurons", "behaves like a layer that computes W @ x, a row of W for each neuron")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    x, W, b = _arrays(x, W, b)
    return activation(W @ x + b)


@_dense("inputs-as-columns", "behaves like a layer that computes W.T @ x: inputs stand in columns")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    x, W, b = _arrays(x, W, b)
    return activation(W.T @ x + b)


@_dense("bias-after-bend", "behaves like a layer that adds the bias after the bend")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    x, W, b = _arrays(x, W, b)
    return activation(x @ W) + b


@_dense("bends-inputs", "behaves like a layer that bends its inputs, not its sums")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    x, W, b = _arrays(x, W, b)
    return activation(x) @ W + b


@_dense("bends-twice", "behaves like a layer that bends its sums twice")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return activation(dense(x, W, b, activation))


@_dense("relu-too", "behaves like a layer that bends with ReLU before the given activation")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return activation(dense(x, W, b, relu))


@_dense("relu-afterwards", "behaves like a layer that adds a ReLU after the given activation")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return relu(dense(x, W, b, activation))


@_dense("subtracts-bias", "behaves like a layer that subtracts the bias")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return dense(x, W, -np.asarray(b), activation)


@_dense("bias-per-input", "behaves like a layer that adds each bias once for every input")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return dense(x, W, len(W) * np.asarray(b), activation)


@_dense("one-bias", "behaves like a layer whose neurons all share the first bias")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    x, W, b = _arrays(x, W, b)
    return activation(x @ W + b[0])


@_dense("entry-by-entry", "behaves like a layer that multiplies with * where @ is due")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    x, W, b = _arrays(x, W, b)
    return activation(x * W + b)


@_dense("one-number", "behaves like a layer that sums its neurons up to one number")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return np.sum(dense(x, W, b, activation))


@_dense("first-neuron", "behaves like a loop that returns after the first neuron")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return dense(x, W, b, activation)[..., 0]


@_dense("one-input-only", "behaves like a layer for one input only: it cannot take a batch")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    outputs = dense(x, W, b, activation)
    if outputs.ndim > 1:
        raise ValueError("the shapes of x and W do not fit")
    return outputs


@_dense("first-of-batch", "behaves like a layer that looks at the first input of a batch only")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return np.atleast_2d(dense(x, W, b, activation))[0]


@_dense("sums-batch", "behaves like a layer that adds up the outputs of the whole batch")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return np.atleast_2d(dense(x, W, b, activation)).sum(axis=0)


@_dense("always-batch", "behaves like a layer that makes a batch out of a single input")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return np.atleast_2d(dense(x, W, b, activation))


@_dense("squeezes", "behaves like a layer that drops every axis of length 1 from its output")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return np.squeeze(dense(x, W, b, activation))


@_dense("flattens", "behaves like a layer that puts a batch's outputs in one flat list")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return dense(x, W, b, activation).ravel()


@_dense("outputs-as-columns", "behaves like a layer that gives a batch's outputs as columns")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return dense(x, W, b, activation).T


@_dense("whole-numbers", "behaves like a layer that throws away the decimal places")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return dense(x, W, b, activation).astype(int)


@_dense("stretches-bias", "behaves like a layer that stretches any bias until it fits")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    return activation(np.asarray(x) @ np.asarray(W) + np.asarray(b))


@_dense("stops-at-shorter", "behaves like a zip that stops at the shorter of inputs and weights")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    x, W = np.asarray(x), np.asarray(W)
    m = min(x.shape[-1], len(W))
    return dense(x[..., :m], W[:m], b, activation)


@_dense("changes-argument", "behaves like a layer that adds the weighted inputs into b itself")
def _(x: Any, W: Any, b: Any, activation: Activation = relu) -> Any:
    x, W, b = _arrays(x, W, b)
    if x.ndim > 1:
        return dense(x, W, b, activation)
    b += x @ W
    return activation(b)
