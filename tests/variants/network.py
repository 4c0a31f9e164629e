"""Correct ways of writing the functions of network.py, as students hand them in."""

HELPERS = """
import numpy as np

def relu(z):
    return np.maximum(z, 0)

def dense(x, W, b, activation=relu):
    return activation(np.asarray(x) @ np.asarray(W) + np.asarray(b))
"""

NETWORK = {
    "loop_with_index": """
def network(x, layers):
    if len(layers) == 0:
        raise ValueError("no layers")
    for i, (W, b) in enumerate(layers):
        if i < len(layers) - 1:
            x = dense(x, W, b)
        else:
            x = dense(x, W, b, lambda z: z)
    return x
""",
    "last_layer_apart": """
def network(x, layers):
    if not layers:
        raise ValueError("a network needs a layer")
    h = x
    for W, b in layers[:-1]:
        h = dense(h, W, b)
    W, b = layers[-1]
    return dense(h, W, b, activation=lambda z: z)
""",
    "recursion": """
import numpy as np

def network(x, layers):
    if not layers:
        raise ValueError
    (W, b), *rest = layers
    z = np.asarray(x) @ np.asarray(W) + np.asarray(b)
    return network(relu(z), rest) if rest else z
""",
    "no_helpers": """
import numpy as np

def network(x, layers):
    if len(layers) < 1:
        raise ValueError("empty")
    a = np.array(x, dtype=float)
    for W, b in layers:
        z = np.dot(a, W) + b
        a = np.maximum(z, 0)
    return z
""",
    "reduce": """
from functools import reduce
import numpy as np

def network(x, layers):
    if len(layers) == 0:
        raise ValueError("empty")
    step = lambda h, layer: np.asarray(relu(h)) @ layer[0] + layer[1]
    (W, b), *rest = layers
    return reduce(step, rest, np.asarray(x) @ np.asarray(W) + b)
""",
    "all_outputs_kept": """
import numpy as np

def network(x, layers, verbose=False):
    if not len(layers):
        raise ValueError("empty")
    outputs = [np.asarray(x)]
    for W, b in layers:
        outputs.append(np.einsum("...i,ij->...j", outputs[-1], np.asarray(W)) + b)
        if len(outputs) <= len(layers):
            outputs[-1] = np.where(outputs[-1] > 0, outputs[-1], 0)
    return outputs[-1].tolist()
""",
    "float32_inside": """
import numpy as np

def network(x, layers):
    if not layers:
        raise ValueError("empty")
    x = np.asarray(x, dtype=np.float32)
    for left, (W, b) in zip(range(len(layers) - 1, -1, -1), layers):
        x = x @ np.asarray(W, dtype=np.float32) + np.asarray(b, dtype=np.float32)
        if left:
            x = x.clip(0)
    return x
""",
    "class_with_forward": """
import numpy as np

def identity(z):
    return z

class Network:
    def __init__(self, layers):
        if not layers:
            raise ValueError("no layers")
        self.layers = list(layers)

    def forward(self, x):
        last = self.layers.pop()
        while self.layers:
            x = dense(x, *self.layers.pop(0), activation=relu)
        return dense(x, *last, activation=identity)

def network(x, layers):
    return Network(layers).forward(x)
""",
}

COLLAPSE = {
    "loop": """
import numpy as np

def collapse(layers):
    if len(layers) == 0:
        raise ValueError("no layers")
    W, b = layers[0]
    for W2, b2 in layers[1:]:
        W, b = np.dot(W, W2), np.dot(b, W2) + b2
    return W, b
""",
    "recursion_from_the_end": """
import numpy as np

def collapse(layers):
    if not layers:
        raise ValueError("no layers")
    W, b = np.array(layers[-1][0]), np.array(layers[-1][1])
    if len(layers) == 1:
        return W, b
    W1, b1 = collapse(layers[:-1])
    return W1 @ W, b1 @ W + b
""",
    "recursion_from_the_front": """
import numpy as np

def collapse(layers):
    if not layers:
        raise ValueError("no layers")
    (W1, b1), *rest = layers
    if not rest:
        return np.asarray(W1), np.asarray(b1)
    W, b = collapse(rest)
    return np.asarray(W1) @ W, np.asarray(b1) @ W + b
""",
    "halves": """
import numpy as np

def collapse(layers):
    if len(layers) == 0:
        raise ValueError("no layers")
    if len(layers) == 1:
        return layers[0]
    middle = len(layers) // 2
    (W1, b1), (W2, b2) = collapse(layers[:middle]), collapse(layers[middle:])
    return np.matmul(W1, W2), np.matmul(b1, W2) + b2
""",
    "probing": """
import numpy as np

def collapse(layers):
    if not len(layers):
        raise ValueError("no layers")
    def run(x):
        for W, b in layers:
            x = x @ np.asarray(W) + np.asarray(b)
        return x
    inputs = np.shape(layers[0][0])[0]
    b = run(np.zeros(inputs))
    return run(np.eye(inputs)) - b, b
""",
    "one_matrix_with_a_row_for_the_bias": """
from functools import reduce
import numpy as np

def collapse(layers):
    if len(layers) == 0:
        raise ValueError("no layers")
    def whole(layer):
        W, b = np.array(layer[0], float), np.array(layer[1], float)
        top = np.hstack([W, np.zeros((len(W), 1))])
        return np.vstack([top, np.append(b, 1.0)])
    M = reduce(np.matmul, map(whole, layers))
    return [M[:-1, :-1], M[-1, :-1]]
""",
    "einsum": """
import numpy as np

def collapse(layers, dtype=float):
    if not layers:
        raise ValueError("no layers")
    W, b = np.eye(len(layers[0][0]), dtype=dtype), np.zeros(len(layers[0][0]), dtype)
    for V, c in layers:
        W = np.einsum("ij,jk->ik", W, np.asarray(V, dtype))
        b = np.einsum("j,jk->k", b, np.asarray(V, dtype)) + c
    return W, b
""",
    "float32_inside": """
import numpy as np

def collapse(layers):
    if not layers:
        raise ValueError("no layers")
    W, b = (np.asarray(a, np.float32) for a in layers[0])
    for V, c in layers[1:]:
        V, c = np.asarray(V, np.float32), np.asarray(c, np.float32)
        W, b = W @ V, b @ V + c
    return W, b
""",
    "plain_lists": """
def product(A, B):
    return [[sum(a * b for a, b in zip(row, col)) for col in zip(*B)] for row in A]

def collapse(layers):
    if len(layers) == 0:
        raise ValueError("no layers")
    W = [list(row) for row in layers[0][0]]
    b = list(layers[0][1])
    for V, c in layers[1:]:
        W = product(W, V)
        b = [u + v for u, v in zip(product([b], V)[0], c)]
    return [W, b]
""",
}

XOR_LAYERS = {
    "or_and_and": """
import numpy as np

def xor_layers():
    return [
        (np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])),
        (np.array([[1.0], [-2.0]]), np.array([0.0])),
    ]
""",
    "two_differences": """
def xor_layers():
    hidden = ([[1, -1], [-1, 1]], [0, 0])
    output = ([[1], [1]], [0])
    return [hidden, output]
""",
    "tuple_of_lists": """
def xor_layers():
    return (
        [[[2.0, 2.0], [2.0, 2.0]], [-1.0, -2.0]],
        [[[1.0], [-2.0]], [0.0]],
    )
""",
    "two_hidden_layers": """
import numpy as np

def xor_layers():
    return [
        (np.array([[1, -1], [-1, 1]]), np.zeros(2)),
        (np.eye(2), np.zeros(2)),
        (np.ones((2, 1)), np.zeros(1)),
    ]
""",
    "three_hidden_neurons": """
import numpy as np

def xor_layers():
    W1 = np.array([[1, 0, 1], [0, 1, 1]], dtype=np.float32)
    b1 = np.array([0, 0, -1], dtype=np.float32)
    W2 = np.array([[1], [1], [-2]], dtype=np.float32)
    return [(W1, b1), (W2, np.zeros(1, dtype=np.float32))]
""",
    "negative_detour": """
import numpy as np

def xor_layers(scale=10.0):
    # 1 - |x1 + x2 - 1|
    W1 = scale * np.array([[1.0, -1.0], [1.0, -1.0]])
    b1 = scale * np.array([-1.0, 1.0])
    return [(W1, b1), (np.full((2, 1), -1.0 / scale), np.ones(1))]
""",
    "solved_by_least_squares": """
import numpy as np

def xor_layers():
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    W1, b1 = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
    H = np.maximum(X @ W1 + b1, 0)
    H = np.hstack([H, np.ones((4, 1))])
    solution = np.linalg.lstsq(H, np.array([0.0, 1.0, 1.0, 0.0]), rcond=None)[0]
    return [(W1, b1), (solution[:2].reshape(2, 1), solution[2:])]
""",
    "many_random_neurons": """
import numpy as np

def xor_layers():
    rng = np.random.default_rng(7)
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    W, b = rng.normal(size=(2, 64)), rng.normal(size=64)
    H = np.maximum(X @ W + b, 0)
    out = np.linalg.pinv(H) @ np.array([[0.0], [1.0], [1.0], [0.0]])
    return [(W, b), (out, np.zeros(1))]
""",
}

VARIANTS = {
    name: {style: HELPERS + source for style, source in styles.items()}
    for name, styles in {"network": NETWORK, "collapse": COLLAPSE, "xor_layers": XOR_LAYERS}.items()
}
