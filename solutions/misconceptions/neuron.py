"""Wrong versions of weighted_sum and neuron.

Most refuse inputs and weights that differ in length, as `weighted_sum` does, so that they show one
mistake each.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from solutions.misconceptions import misconception
from solutions.neuron import neuron, weighted_sum
from solutions.relu import relu

_sum = partial(misconception, "weighted_sum")
_neuron = partial(misconception, "neuron")

Activation = Callable[[Any], Any]


def _arrays(x: Any, w: Any) -> tuple[np.ndarray, np.ndarray]:
    """Take inputs and weights as arrays of one length."""
    weighted_sum(x, w, 0.0)
    return np.asarray(x), np.asarray(w)


@_sum("forgets-bias", "behaves like a sum that forgets the bias")
def _(x: Any, w: Any, b: Any) -> Any:
    return weighted_sum(x, w, 0.0)


@_sum("ignores-weights", "behaves like a plain sum that ignores the weights")
def _(x: Any, w: Any, b: Any) -> Any:
    x, w = _arrays(x, w)
    return np.sum(x) + b


@_sum("adds-weights", "behaves like a sum that adds each weight instead of multiplying")
def _(x: Any, w: Any, b: Any) -> Any:
    x, w = _arrays(x, w)
    return np.sum(x + w) + b


@_sum("forgets-to-sum", "behaves like a product for each input that is never summed")
def _(x: Any, w: Any, b: Any) -> Any:
    x, w = _arrays(x, w)
    return x * w + b


@_sum("bias-per-input", "behaves like a sum that adds the bias once for every input")
def _(x: Any, w: Any, b: Any) -> Any:
    x, w = _arrays(x, w)
    return np.sum(x * w + b)


@_sum("subtracts-bias", "behaves like a sum that subtracts the bias")
def _(x: Any, w: Any, b: Any) -> Any:
    return weighted_sum(x, w, 0.0) - b


@_sum("multiplies-bias", "behaves like a sum that is multiplied by the bias")
def _(x: Any, w: Any, b: Any) -> Any:
    return weighted_sum(x, w, 0.0) * b


@_sum("averages", "behaves like an average of the products, not their sum")
def _(x: Any, w: Any, b: Any) -> Any:
    x, w = _arrays(x, w)
    return np.mean(x * w) + b


@_sum("product-of-sums", "behaves like a sum of x times a sum of w: it sums too early")
def _(x: Any, w: Any, b: Any) -> Any:
    x, w = _arrays(x, w)
    return np.sum(x) * np.sum(w) + b


@_sum("first-only", "behaves like a loop that returns after the first product")
def _(x: Any, w: Any, b: Any) -> Any:
    x, w = _arrays(x, w)
    return x[0] * w[0] + b


@_sum("last-only", "behaves like a loop that keeps only the last product: = for +=")
def _(x: Any, w: Any, b: Any) -> Any:
    x, w = _arrays(x, w)
    return x[-1] * w[-1] + b


@_sum("stops-short", "behaves like a loop that stops one input short of the end")
def _(x: Any, w: Any, b: Any) -> Any:
    x, w = _arrays(x, w)
    return np.sum(x[:-1] * w[:-1]) + b


@_sum("bends", "behaves like a whole neuron: it already bends the sum")
def _(x: Any, w: Any, b: Any) -> Any:
    return relu(weighted_sum(x, w, b))


@_sum("wraps-result", "behaves like a sum that gives an array of one, not a number")
def _(x: Any, w: Any, b: Any) -> Any:
    return np.array([weighted_sum(x, w, b)])


@_sum("whole-numbers", "behaves like a sum that throws away the decimal places")
def _(x: Any, w: Any, b: Any) -> Any:
    return int(weighted_sum(x, w, b))


@_sum("stops-at-shorter", "behaves like a zip that stops at the shorter of x and w")
def _stops_at_shorter(x: Any, w: Any, b: Any) -> Any:
    return sum(one * weight for one, weight in zip(x, w, strict=False)) + b


@_sum("stretches-single", "behaves like a sum that uses a lone weight for every input")
def _stretches_single(x: Any, w: Any, b: Any) -> Any:
    return np.sum(np.asarray(x) * np.asarray(w)) + b


@_sum("follows-inputs", "behaves like a loop over the inputs that ignores spare weights")
def _(x: Any, w: Any, b: Any) -> Any:
    return sum(x[i] * w[i] for i in range(len(x))) + b


@_sum("changes-argument", "behaves like a sum that writes the products into x itself")
def _changes_argument(x: Any, w: Any, b: Any) -> Any:
    x, w = _arrays(x, w)
    x *= w
    return x.sum() + b


@_neuron("never-bends", "behaves like a weighted sum that nothing bends")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    return weighted_sum(x, w, b)


@_neuron("always-relu", "behaves like a neuron that bends with ReLU whatever it is given")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    return relu(weighted_sum(x, w, b))


@_neuron("no-default", "behaves like a neuron that bends only when it is given an activation")
def _(x: Any, w: Any, b: Any, activation: Activation | None = None) -> Any:
    total = weighted_sum(x, w, b)
    return total if activation is None else activation(total)


@_neuron("forgets-bias", "behaves like a neuron that forgets the bias")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    return neuron(x, w, 0.0, activation)


@_neuron("bias-after-bend", "behaves like a neuron that adds the bias after the bend")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    return neuron(x, w, 0.0, activation) + b


@_neuron("bends-products", "behaves like a neuron that bends each product before the sum")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    x, w = _arrays(x, w)
    return np.sum(activation(x * w)) + b


@_neuron("bends-each", "behaves like a sum of neurons that have one input each")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    x, w = _arrays(x, w)
    return np.sum(activation(x * w + b))


@_neuron("bends-inputs", "behaves like a neuron that bends its inputs, not its weighted sum")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    x, w = _arrays(x, w)
    return weighted_sum(activation(x), w, b)


@_neuron("bends-twice", "behaves like a neuron that bends its sum twice")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    return activation(neuron(x, w, b, activation))


@_neuron("relu-too", "behaves like a neuron that bends with ReLU before the given activation")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    return activation(relu(weighted_sum(x, w, b)))


@_neuron("relu-afterwards", "behaves like a neuron that adds a ReLU after the given activation")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    return relu(neuron(x, w, b, activation))


@_neuron("forgets-to-sum", "behaves like a neuron that bends each product and never sums")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    x, w = _arrays(x, w)
    return activation(x * w + b)


@_neuron("bias-per-input", "behaves like a neuron that adds the bias once for every input")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    x, w = _arrays(x, w)
    return activation(np.sum(x * w + b))


@_neuron("steps", "behaves like a perceptron: unless told otherwise it gives 0 or 1")
def _(x: Any, w: Any, b: Any, activation: Activation | None = None) -> Any:
    total = weighted_sum(x, w, b)
    return int(total > 0) if activation is None else activation(total)


@_neuron("sigmoid-default", "behaves like a neuron with a sigmoid where ReLU is the default")
def _(x: Any, w: Any, b: Any, activation: Activation | None = None) -> Any:
    total = weighted_sum(x, w, b)
    return 1 / (1 + np.exp(-total)) if activation is None else activation(total)


@_neuron("wraps-result", "behaves like a neuron that gives an array of one, not a number")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    return np.array([neuron(x, w, b, activation)])


@_neuron("stops-at-shorter", "behaves like a neuron whose zip stops at the shorter of x and w")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    return activation(_stops_at_shorter(x, w, b))


@_neuron("stretches-single", "behaves like a neuron that uses a lone weight for every input")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    return activation(_stretches_single(x, w, b))


@_neuron("changes-argument", "behaves like a neuron that writes the products into x itself")
def _(x: Any, w: Any, b: Any, activation: Activation = relu) -> Any:
    return activation(_changes_argument(x, w, b))
