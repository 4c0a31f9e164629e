"""Correct ways of writing the function of dense.py, as students hand them in."""

HELPERS = """
import numpy as np

def relu(z):
    return np.maximum(z, 0)

def neuron(x, w, b, activation=relu):
    if len(x) != len(w):
        raise ValueError("lengths differ")
    return activation(np.dot(x, w) + b)
"""

DENSE = {
    "matrix_product": """
import numpy as np

def dense(x, W, b, activation=relu):
    x, W, b = np.asarray(x), np.asarray(W), np.asarray(b)
    if x.shape[-1] != W.shape[0] or b.shape != (W.shape[1],):
        raise ValueError("shapes do not fit")
    return activation(x @ W + b)
""",
    "loops_to_lists": """
import numpy as np

def dense(x, W, b, activation=relu):
    m, n = np.shape(W)
    if np.shape(b) != (n,) or np.shape(x)[-1] != m:
        raise ValueError("shapes do not fit")
    if np.ndim(x) == 2:
        return [dense(row, W, b, activation) for row in x]
    outputs = []
    for j in range(n):
        total = b[j]
        for i in range(m):
            total = total + x[i] * W[i][j]
        outputs.append(activation(total))
    return outputs
""",
    "neuron_by_neuron": """
import numpy as np

def dense(x, W, b, activation=relu):
    x, W, b = np.array(x), np.array(W), np.array(b)
    if b.shape != W.shape[1:]:
        raise ValueError("b must have one number a neuron")
    one = lambda row: [neuron(row, w, bias, activation) for w, bias in zip(W.T, b)]
    return np.array(one(x) if x.ndim == 1 else [one(row) for row in x])
""",
    "einsum": """
import numpy as np

def dense(x, W, b, activation=relu):
    x, W, b = np.asarray(x), np.asarray(W), np.asarray(b)
    if b.ndim != 1 or len(b) != W.shape[1] or x.shape[-1] != W.shape[0]:
        raise ValueError(f"{x.shape} {W.shape} {b.shape}")
    return activation(np.einsum("...i,ij->...j", x, W) + b)
""",
    "columns": """
import numpy as np

def dense(x, W, b, activation=relu):
    W, b = np.asarray(W), np.asarray(b)
    if b.shape != (W.shape[1],):
        raise ValueError("b")
    columns = np.atleast_2d(x).T
    if columns.shape[0] != W.shape[0]:
        raise ValueError("x")
    out = activation(W.T @ columns + b.reshape(-1, 1)).T
    return out[0] if np.ndim(x) == 1 else out
""",
    "bias_as_a_weight": """
import numpy as np

def dense(x, W, b, activation=relu):
    x = np.asarray(x)
    if np.shape(b) != np.shape(W)[1:]:
        raise ValueError("b")
    with_one = np.concatenate([x, np.ones(x.shape[:-1] + (1,))], axis=-1)
    return activation(np.matmul(with_one, np.vstack([W, b])))
""",
    "float32_inside": """
import numpy as np

def dense(x, W, b, activation=relu):
    x, W, b = (np.asarray(a, dtype=np.float32) for a in (x, W, b))
    if x.shape[-1] != W.shape[0] or b.shape != (W.shape[1],):
        raise ValueError("shapes do not fit")
    return np.asarray(activation(np.dot(x, W) + b), dtype=np.float32)
""",
    "class_with_call": """
import numpy as np

class Layer:
    def __init__(self, W, b, activation):
        self.W, self.b, self.activation = np.asarray(W), np.asarray(b), activation
        if self.b.shape != (self.W.shape[1],):
            raise ValueError("b")

    def __call__(self, x):
        return self.activation(np.tensordot(x, self.W, axes=1) + self.b)

def dense(x, W, b, activation=relu, name=None):
    return Layer(W, b, activation)(np.asarray(x))
""",
    "row_by_row_sums": """
import numpy as np

def dense(x, W, b, activation=relu):
    W = np.asarray(W, dtype=float)
    if np.asarray(b).shape != (W.shape[1],) or np.asarray(x).shape[-1] != W.shape[0]:
        raise ValueError("shapes do not fit")
    out = [(np.array(row)[:, None] * W).sum(axis=0) + b for row in np.atleast_2d(x)]
    out = [[activation(z) for z in row] for row in out]
    return out if np.asarray(x).ndim == 2 else out[0]
""",
}

VARIANTS = {
    name: {style: HELPERS + source for style, source in styles.items()}
    for name, styles in {"dense": DENSE}.items()
}
