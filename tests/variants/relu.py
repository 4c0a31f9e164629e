"""Correct ways of writing the function of relu.py, as students hand them in."""

RELU = {
    "maximum": """
import numpy as np

def relu(z):
    return np.maximum(0, z)
""",
    "where": """
import numpy as np

def relu(z):
    z = np.asarray(z)
    return np.where(z > 0, z, 0)
""",
    "times_a_mask": """
import numpy as np

def relu(z):
    z = np.asarray(z, dtype=float)
    return z * (z > 0)
""",
    "half_of_sum_with_absolute": """
import numpy as np

def relu(z):
    return (np.abs(z) + np.asarray(z)) / 2
""",
    "masked_copy": """
import numpy as np

def relu(z):
    bent = np.array(z, dtype=float)
    bent[bent < 0] = 0
    return bent
""",
    "clip": """
import numpy as np

def relu(z):
    return np.clip(z, 0, None)
""",
    "recursion": """
def relu(z):
    try:
        rows = list(z)
    except TypeError:
        return float(z) if z > 0 else 0.0
    import numpy as np
    return np.array([relu(row) for row in rows]).reshape(np.shape(z))
""",
    "vectorize_with_extra_parameter": """
import numpy as np

def relu(z, threshold=0.0):
    bend = np.vectorize(lambda v: v if v > threshold else 0.0, otypes=[float])
    return bend(z)
""",
    "float32_inside": """
import numpy as np

def relu(z):
    return np.maximum(np.asarray(z, dtype=np.float32), np.float32(0))
""",
    "loop_over_flat_copy": """
import numpy as np

def relu(z):
    z = np.array(z)
    out = np.zeros(z.size)
    for i, value in enumerate(z.flat):
        if value > 0:
            out[i] = value
    return out.reshape(z.shape)
""",
    "class_with_call": """
import numpy as np

class ReLU:
    def __call__(self, z):
        self.mask = np.asarray(z) > 0
        return np.where(self.mask, z, 0)

relu = ReLU()
""",
    "nested_lists": """
import numpy as np

def relu(z):
    def bend(v):
        if isinstance(v, list):
            return [bend(item) for item in v]
        return max(0, v)
    if np.size(z) == 0:
        return np.zeros(np.shape(z))
    return bend(np.asarray(z).tolist())
""",
}

VARIANTS = {"relu": RELU}
