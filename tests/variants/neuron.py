"""Correct ways of writing the functions of neuron.py, as students hand them in."""

HELPERS = """
import numpy as np

def relu(z):
    return np.maximum(z, 0)

def weighted_sum(x, w, b):
    if len(x) != len(w):
        raise ValueError("lengths differ")
    return np.dot(x, w) + b
"""

WEIGHTED_SUM = {
    "dot": """
import numpy as np

def weighted_sum(x, w, b):
    if len(x) != len(w):
        raise ValueError("x and w must have the same length")
    return np.dot(x, w) + b
""",
    "index_loop": """
def weighted_sum(x, w, b):
    if len(x) != len(w):
        raise ValueError(f"{len(x)} inputs, {len(w)} weights")
    total = b
    for i in range(len(x)):
        total = total + x[i] * w[i]
    return total
""",
    "strict_zip": """
def weighted_sum(x, w, b):
    return sum(xi * wi for xi, wi in zip(x, w, strict=True)) + b
""",
    "einsum": """
import numpy as np

def weighted_sum(x, w, b):
    if np.shape(x) != np.shape(w):
        raise ValueError
    return np.einsum("i,i->", np.asarray(x), np.asarray(w)) + b
""",
    "recursion": """
def weighted_sum(x, w, b):
    if len(x) != len(w):
        raise ValueError("lengths differ")
    if len(x) == 0:
        return b
    return x[0] * w[0] + weighted_sum(x[1:], w[1:], b)
""",
    "float32_inside": """
import numpy as np

def weighted_sum(x, w, b):
    x, w = np.asarray(x, np.float32), np.asarray(w, np.float32)
    if x.size != w.size:
        raise ValueError("lengths differ")
    return (x * w).sum(dtype=np.float32) + np.float32(b)
""",
    "fsum_with_extra_parameter": """
import math

def weighted_sum(x, w, b, scale=1.0):
    if len(x) != len(w):
        raise ValueError("lengths differ")
    return math.fsum([*(float(p) * float(q) * scale for p, q in zip(x, w)), float(b)])
""",
    "bias_as_a_weight": """
import numpy as np

def weighted_sum(x, w, b):
    if len(x) != len(w):
        raise ValueError("lengths differ")
    return np.inner(np.append(x, 1.0), np.append(w, b))
""",
    "zero_dimensional_array": """
import numpy as np

class LengthError(ValueError):
    pass

def weighted_sum(x, w, b):
    if np.asarray(x).shape != np.asarray(w).shape:
        raise LengthError
    return np.array(np.sum(np.multiply(x, w)) + b)
""",
}

NEURON = {
    "calls_weighted_sum": """
def neuron(x, w, b, activation=relu):
    return activation(weighted_sum(x, w, b))
""",
    "by_itself": """
import numpy as np

def neuron(x, w, b, activation=relu):
    x, w = np.asarray(x), np.asarray(w)
    if len(x) != len(w):
        raise ValueError("lengths differ")
    z = np.sum(x * w) + b
    return activation(z)
""",
    "default_decided_inside": """
def neuron(x, w, b, activation=None):
    if activation is None:
        activation = relu
    return activation(weighted_sum(x=x, w=w, b=b))
""",
    "own_default": """
def neuron(x, w, b, activation=lambda z: max(z, 0.0)):
    return activation(weighted_sum(x, w, b))
""",
    "loop": """
def neuron(x, w, b, activation=relu):
    if len(x) != len(w):
        raise ValueError("lengths differ")
    total = 0.0
    for xi, wi in zip(x, w):
        total += xi * wi
    total += b
    out = activation(total)
    return out
""",
    "class_with_call": """
class Neuron:
    def __init__(self, w, b, activation):
        self.w, self.b, self.activation = w, b, activation

    def __call__(self, x):
        return self.activation(weighted_sum(x, self.w, self.b))

def neuron(x, w, b, activation=relu, name="neuron"):
    return Neuron(w, b, activation)(x)
""",
    "float32_inside": """
import numpy as np

def neuron(x, w, b, activation=relu):
    x, w = np.array(x, dtype="float32"), np.array(w, dtype="float32")
    if x.shape != w.shape:
        raise ValueError("lengths differ")
    return np.float32(activation(x @ w + np.float32(b)))
""",
    "array_of_one_inside": """
import numpy as np

def neuron(x, w, b, activation=relu):
    if len(x) != len(w):
        raise ValueError("lengths differ")
    out = activation(np.array([np.einsum("i,i", x, w) + b]))
    return out[0]
""",
    "any_arguments": """
def neuron(*args, activation=relu, **kwargs):
    if len(args) == 4:
        *args, activation = args
    return activation(weighted_sum(*args, **kwargs))
""",
}

VARIANTS = {
    name: {style: HELPERS + source for style, source in styles.items()}
    for name, styles in {"weighted_sum": WEIGHTED_SUM, "neuron": NEURON}.items()
}
