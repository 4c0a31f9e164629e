"""Wrong versions of network, collapse and xor_layers.

Most refuse an empty list of layers, as the references do, so that they show one mistake each.
"""

from functools import partial
from typing import Any

import numpy as np

from solutions.dense import dense
from solutions.misconceptions import misconception
from solutions.network import collapse, network
from solutions.relu import relu

_network = partial(misconception, "network")
_collapse = partial(misconception, "collapse")
_xor = partial(misconception, "xor_layers")


def _layers(layers: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """Take the layers as pairs of arrays, at least one of them."""
    collapse(layers)
    return [(np.array(W), np.array(b)) for W, b in layers]


def _identity(z: Any) -> Any:
    return z


@_network("bends-last", "behaves like a network that bends its last layer too")
def _(x: Any, layers: Any) -> Any:
    return relu(network(x, layers))


@_network("never-bends", "behaves like a linear network: it never bends at all")
def _never_bends(x: Any, layers: Any) -> Any:
    W, b = collapse(layers)
    return dense(x, W, b, _identity)


@_network("bends-only-last", "behaves like a network that bends only its last layer")
def _(x: Any, layers: Any) -> Any:
    return relu(_never_bends(x, layers))


@_network("forgets-biases", "behaves like a network that forgets all the biases")
def _(x: Any, layers: Any) -> Any:
    return network(x, [(W, 0 * b) for W, b in _layers(layers)])


@_network("forgets-last-bias", "behaves like a network that forgets the last layer's bias")
def _(x: Any, layers: Any) -> Any:
    *hidden, (W, b) = _layers(layers)
    return network(x, [*hidden, (W, 0 * b)])


@_network("bends-input", "behaves like a network that bends its input before the first layer")
def _(x: Any, layers: Any) -> Any:
    return network(relu(x), layers)


@_network("bias-after-bend", "behaves like a network that adds the biases after the bend")
def _(x: Any, layers: Any) -> Any:
    *hidden, last = _layers(layers)
    for W, b in hidden:
        x = relu(x @ W) + b
    return network(x, [last])


@_network("first-layer-only", "behaves like a loop that returns after the first layer")
def _(x: Any, layers: Any) -> Any:
    W, b = _layers(layers)[0]
    return dense(x, W, b)


@_network("skips-last-layer", "behaves like a network that leaves the last layer out")
def _(x: Any, layers: Any) -> Any:
    for W, b in _layers(layers)[:-1]:
        x = dense(x, W, b)
    return np.array(x)


@_network("feeds-input-again", "behaves like a network whose layers all get the first input")
def _(x: Any, layers: Any) -> Any:
    *hidden, last = _layers(layers)
    for W, b in hidden:
        dense(x, W, b)
    return network(x, [last])


@_network("backwards", "behaves like a network that runs its layers backwards")
def _(x: Any, layers: Any) -> Any:
    return network(x, _layers(layers)[::-1])


@_network("two-layers-only", "behaves like a network that always runs just its first two layers")
def _(x: Any, layers: Any) -> Any:
    (W1, b1), (W2, b2) = _layers(layers)[0], layers[1]
    return relu(x @ W1 + b1) @ W2 + b2


@_network("bends-first-only", "behaves like a network that bends after the first layer only")
def _(x: Any, layers: Any) -> Any:
    first, *rest = _layers(layers)
    return _never_bends(dense(x, *first), rest) if rest else network(x, [first])


@_network("sigmoid", "behaves like a network that bends with sigmoids, not ReLU")
def _(x: Any, layers: Any) -> Any:
    *hidden, last = _layers(layers)
    for W, b in hidden:
        x = 1 / (1 + np.exp(-(x @ W + b)))
    return network(x, [last])


@_network("every-output", "behaves like a network that gives the outputs of all its layers")
def _(x: Any, layers: Any) -> Any:
    return [network(x, layers[: depth + 1]) for depth in range(len(_layers(layers)))]


@_network("one-number", "behaves like a network that sums its outputs to one number")
def _(x: Any, layers: Any) -> Any:
    return np.sum(network(x, layers))


@_network("always-batch", "behaves like a network that makes a batch of one input")
def _(x: Any, layers: Any) -> Any:
    return np.atleast_2d(network(x, layers))


@_network("squeezes", "behaves like a network that drops every axis of length 1 from its output")
def _(x: Any, layers: Any) -> Any:
    return np.squeeze(network(x, layers))


@_network("empty-gives-input", "behaves like a network that lets no layers pass x unchanged")
def _(x: Any, layers: Any) -> Any:
    return network(x, layers) if len(layers) else x


@_network("empty-unchecked", "behaves like a network that asks for layers[-1] without a check")
def _(x: Any, layers: Any) -> Any:
    return network(x, [*layers[:-1], layers[-1]])


@_network("changes-argument", "behaves like a network that pops the last layer off the list")
def _(x: Any, layers: Any) -> Any:
    result = network(x, layers)
    layers.pop()
    return result


@_collapse("last-bias-only", "behaves like a collapse that keeps only the last bias")
def _(layers: Any) -> Any:
    return collapse(layers)[0], _layers(layers)[-1][1]


@_collapse("adds-biases", "behaves like a collapse that adds the biases up as they are")
def _(layers: Any) -> Any:
    return collapse(layers)[0], sum(b for _, b in _layers(layers))


@_collapse("forgets-biases", "behaves like a collapse that forgets every bias")
def _(layers: Any) -> Any:
    W, b = collapse(layers)
    return W, 0 * b


@_collapse("first-bias-only", "behaves like a collapse that carries only the first bias along")
def _(layers: Any) -> Any:
    (W, b), *rest = _layers(layers)
    return collapse([(W, b), *((W, 0 * b) for W, b in rest)])


@_collapse("weights-first", "behaves like a collapse that meets b with a W already multiplied")
def _(layers: Any) -> Any:
    (W, b), *rest = _layers(layers)
    for next_W, next_b in rest:
        W = W @ next_W
        b = b @ W + next_b
    return W, b


@_collapse("bias-before-weights", "behaves like a collapse that adds b before it multiplies")
def _(layers: Any) -> Any:
    (W, b), *rest = _layers(layers)
    for next_W, next_b in rest:
        W, b = W @ next_W, (b + next_b) @ next_W
    return W, b


@_collapse("wrong-order", "behaves like a collapse that multiplies W2 @ W1, backwards")
def _(layers: Any) -> Any:
    (W, b), *rest = _layers(layers)
    for next_W, next_b in rest:
        W, b = next_W @ W, next_W @ b + next_b
    return W, b


@_collapse("adds-weights", "behaves like a collapse that adds the weights and biases")
def _(layers: Any) -> Any:
    pairs = _layers(layers)
    return sum(W for W, _ in pairs), sum(b for _, b in pairs)


@_collapse("entry-by-entry", "behaves like a collapse that multiplies with * where @ is due")
def _(layers: Any) -> Any:
    (W, b), *rest = _layers(layers)
    for next_W, next_b in rest:
        W, b = W * next_W, b * next_W + next_b
    return W, b


@_collapse("bends-probes", "behaves like a collapse that probes a network which still bends")
def _(layers: Any) -> Any:
    inputs = len(_layers(layers)[0][0])
    b = network(np.zeros(inputs), layers)
    return network(np.eye(inputs), layers) - b, b


@_collapse("weights-only", "behaves like a collapse that gives back W without b")
def _(layers: Any) -> Any:
    return collapse(layers)[0]


@_collapse("swapped", "behaves like a collapse that gives (b, W), not (W, b)")
def _(layers: Any) -> Any:
    return collapse(layers)[::-1]


@_collapse("bias-as-row", "behaves like a collapse whose b has the shape (1, n)")
def _(layers: Any) -> Any:
    W, b = collapse(layers)
    return W, b[np.newaxis]


@_collapse("transposed", "behaves like a collapse that gives W transposed")
def _(layers: Any) -> Any:
    W, b = collapse(layers)
    return W.T, b


@_collapse("last-two-only", "behaves like a collapse of the last two layers only")
def _(layers: Any) -> Any:
    return collapse(_layers(layers)[-2:])


@_collapse("two-layers-only", "behaves like a collapse that takes just the first two layers")
def _(layers: Any) -> Any:
    (W1, b1), (W2, b2) = _layers(layers)[0], layers[1]
    return W1 @ W2, b1 @ W2 + b2


@_collapse("last-layer", "behaves like a collapse that keeps only the last layer")
def _(layers: Any) -> Any:
    return _layers(layers)[-1]


@_collapse("empty-unchecked", "behaves like a collapse that asks for layers[0] without a check")
def _(layers: Any) -> Any:
    return collapse([layers[0], *layers[1:]])


@_collapse("changes-argument", "behaves like a collapse that pops layers off the list")
def _(layers: Any) -> Any:
    result = collapse(layers)
    layers.pop(0)
    return result


def _two_neurons(
    hidden_bias: tuple[float, float], weights: tuple[float, float], bias: float
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Give layers whose two hidden neurons both add the inputs up."""
    hidden = np.ones((2, 2)), np.array(hidden_bias)
    return [hidden, (np.array(weights).reshape(2, 1), np.array([bias]))]


@_xor("or", "behaves like an OR: it says yes to (1, 1) too")
def _() -> Any:
    return _two_neurons((0.0, -1.0), (1.0, -1.0), 0.0)


@_xor("and", "behaves like an AND: it says yes to (1, 1) only")
def _() -> Any:
    return _two_neurons((0.0, -1.0), (0.0, 1.0), 0.0)


@_xor("not-and", "behaves like a NAND: it says no to (1, 1) only")
def _() -> Any:
    return _two_neurons((0.0, -1.0), (0.0, -1.0), 1.0)


@_xor("nor", "behaves like a NOR: it says yes to (0, 0) only")
def _() -> Any:
    return _two_neurons((0.0, -1.0), (-1.0, 1.0), 1.0)


@_xor("xnor", "behaves like an XNOR: yes where the two inputs are equal")
def _() -> Any:
    return _two_neurons((0.0, -1.0), (-1.0, 2.0), 1.0)


@_xor("always-no", "behaves like a network that says no to all four points")
def _() -> Any:
    # OR, NAND and then AND: right for a step, but ReLU gives 0, -0.5, -0.5 and 0.
    hidden = np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([-0.5, 1.5])
    return [hidden, (np.array([[1.0], [1.0]]), np.array([-1.5]))]


@_xor("always-yes", "behaves like a network that says yes to all four points")
def _() -> Any:
    # Right for sigmoids, but ReLU gives 570, 370, 370 and 570.
    hidden = np.array([[20.0, -20.0], [20.0, -20.0]]), np.array([-10.0, 30.0])
    return [hidden, (np.array([[20.0], [20.0]]), np.array([-30.0]))]


@_xor("first-input", "behaves like a network that looks at the first input only")
def _() -> Any:
    return [(np.array([[1.0], [0.0]]), np.array([0.0])), (np.array([[1.0]]), np.array([0.0]))]


@_xor("second-input", "behaves like a network that looks at the second input only")
def _() -> Any:
    return [(np.array([[0.0], [1.0]]), np.array([0.0])), (np.array([[1.0]]), np.array([0.0]))]


@_xor("no-hidden-layer", "behaves like a single layer: a straight line only")
def _() -> Any:
    return [(np.array([[1.0], [1.0]]), np.array([0.0]))]


@_xor("biases-as-rows", "behaves like a network whose biases have shape (1, n)")
def _() -> Any:
    return [(W, b[np.newaxis]) for W, b in _two_neurons((0.0, -1.0), (1.0, -2.0), 0.0)]


@_xor("flat-list", "behaves like a list of bare arrays where pairs (W, b) are due")
def _() -> Any:
    return [part for layer in _two_neurons((0.0, -1.0), (1.0, -2.0), 0.0) for part in layer]


@_xor("two-outputs", "behaves like a classifier with two outputs where one is due")
def _() -> Any:
    hidden, (W, b) = _two_neurons((0.0, -1.0), (1.0, -2.0), 0.0)
    return [hidden, (np.hstack([-W, W]), np.hstack([1 - b, b]))]


@_xor("answers", "behaves like a list of the four answers, not of layers")
def _() -> Any:
    return [0, 1, 1, 0]
