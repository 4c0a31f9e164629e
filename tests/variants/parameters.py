"""Correct ways of writing the functions of parameters.py, as students hand them in."""

DENSE_PARAMETERS = {
    "formula": """
def dense_parameters(m, n):
    if m < 1 or n < 1 or m != int(m) or n != int(n):
        raise ValueError("widths must be whole numbers of at least 1")
    return m * n + n
""",
    "factored": """
def dense_parameters(m, n):
    for width in (m, n):
        if width <= 0 or width % 1 != 0:
            raise ValueError(width)
    return (m + 1) * n
""",
    "count_neuron_by_neuron": """
from fractions import Fraction

def dense_parameters(m, n):
    if min(m, n) < 1 or any(Fraction(v).denominator != 1 for v in (m, n)):
        raise ValueError
    weights_of_a_neuron, bias = m, 1
    return n * (weights_of_a_neuron + bias)
""",
    "int64": """
import numpy as np

def dense_parameters(m, n):
    if m < 1 or n < 1 or m % 1 or n % 1:
        raise ValueError("no such layer")
    return np.int64(m) * np.int64(n) + np.int64(n)
""",
    "zero_dimensional_array": """
import numpy as np

def dense_parameters(m, n):
    sizes = np.asarray([m, n])
    if not np.issubdtype(sizes.dtype, np.integer) or (sizes < 1).any():
        raise ValueError(f"sizes must be whole and positive, not {m} and {n}")
    return np.array(sizes.prod() + sizes[1])
""",
    "class_with_extra_parameter": """
class BadWidth(ValueError):
    pass

class Counter:
    def __call__(self, m, n, bias=True):
        if not (float(m).is_integer() and float(n).is_integer() and m >= 1 and n >= 1):
            raise BadWidth((m, n))
        return m * n + (n if bias else 0)

dense_parameters = Counter()
""",
    "decimal": """
from decimal import Decimal, getcontext

getcontext().prec = 50

def dense_parameters(m, n):
    if m < 1 or n < 1 or m % 1 or n % 1:
        raise ValueError("a width must be a whole number of at least 1")
    return int(Decimal(int(m)) * Decimal(int(n)) + Decimal(int(n)))
""",
}

NETWORK_PARAMETERS = {
    "index_loop": """
def network_parameters(sizes):
    if len(sizes) < 2:
        raise ValueError("a network has an input and an output")
    for size in sizes:
        if size < 1 or size != int(size):
            raise ValueError(size)
    total = 0
    for i in range(len(sizes) - 1):
        total = total + sizes[i] * sizes[i + 1] + sizes[i + 1]
    return total
""",
    "zip_and_helper": """
def dense_parameters(m, n):
    if m < 1 or n < 1 or m % 1 or n % 1:
        raise ValueError("no such layer")
    return m * n + n

def network_parameters(sizes):
    if len(sizes) < 2:
        raise ValueError("too short")
    return sum(dense_parameters(m, n) for m, n in zip(sizes, sizes[1:]))
""",
    "recursion": """
def network_parameters(sizes):
    sizes = list(sizes)
    if len(sizes) < 2:
        raise ValueError("need two sizes")
    m, n, *rest = sizes
    if m < 1 or n < 1 or int(m) != m or int(n) != n:
        raise ValueError((m, n))
    here = (m + 1) * n
    return here + network_parameters([n, *rest]) if rest else here
""",
    "dot_product": """
import numpy as np

def network_parameters(sizes):
    sizes = np.asarray(sizes)
    if sizes.size < 2 or (sizes < 1).any() or (sizes % 1 != 0).any():
        raise ValueError("sizes")
    sizes = sizes.astype(np.int64)
    return sizes[:-1] @ sizes[1:] + sizes[1:].sum()
""",
    "einsum": """
import numpy as np

def network_parameters(sizes):
    a = np.array(sizes)
    if len(a) < 2 or np.any(a < 1) or np.any(np.floor(a) != a):
        raise ValueError("sizes")
    return int(np.einsum("i,i->", a[:-1] + 1, a[1:]))
""",
    "reduce": """
from functools import reduce
from itertools import pairwise

def network_parameters(sizes):
    if len(sizes) < 2 or any(s < 1 or s % 1 for s in sizes):
        raise ValueError("sizes must be at least two whole numbers of at least 1")
    return reduce(lambda total, pair: total + pair[0] * pair[1] + pair[1], pairwise(sizes), 0)
""",
    "pops_from_a_copy": """
def network_parameters(sizes, verbose=False):
    todo = [s for s in sizes]
    if len(todo) < 2:
        raise ValueError("sizes")
    if any(s < 1 or round(s) != s for s in todo):
        raise ValueError("sizes")
    total = sum(todo) - todo[0]
    while len(todo) > 1:
        last = todo.pop()
        total += last * todo[-1]
    return total
""",
}

FORWARD_MULTIPLICATIONS = {
    "index_loop": """
def forward_multiplications(sizes, batch=1):
    if len(sizes) < 2 or batch < 1 or batch != int(batch):
        raise ValueError("sizes or batch")
    if any(s < 1 or s != int(s) for s in sizes):
        raise ValueError("sizes")
    total = 0
    for i in range(1, len(sizes)):
        total += sizes[i - 1] * sizes[i]
    return batch * total
""",
    "zip": """
def forward_multiplications(sizes, batch=1):
    if len(sizes) < 2:
        raise ValueError("too short")
    for number in [*sizes, batch]:
        if number < 1 or number % 1:
            raise ValueError(number)
    return sum(batch * m * n for m, n in zip(sizes, sizes[1:]))
""",
    "recursion": """
def forward_multiplications(sizes, batch=1):
    m, n = sizes[0], sizes[1] if len(sizes) > 1 else 0
    if min(m, n, batch) < 1 or any(v % 1 for v in (m, n, batch)):
        raise ValueError("makes no sense")
    rest = forward_multiplications(sizes[1:], batch) if len(sizes) > 2 else 0
    return m * n * batch + rest
""",
    "dot_product": """
import numpy as np

def forward_multiplications(sizes, batch=1):
    sizes = np.asarray(sizes)
    if len(sizes) < 2 or (sizes < 1).any() or (sizes != sizes.astype(int)).any():
        raise ValueError("sizes")
    if batch < 1 or batch != int(batch):
        raise ValueError("batch")
    return np.dot(sizes[:-1], sizes[1:]) * batch
""",
    "parameters_less_biases": """
def network_parameters(sizes):
    if len(sizes) < 2 or any(s < 1 or s % 1 for s in sizes):
        raise ValueError("sizes")
    return sum((m + 1) * n for m, n in zip(sizes, sizes[1:]))

def forward_multiplications(sizes, batch=1):
    if batch < 1 or batch % 1:
        raise ValueError("batch")
    return batch * (network_parameters(sizes) - sum(sizes[1:]))
""",
    "class_and_accumulate": """
from itertools import accumulate, pairwise

class Forward:
    def __init__(self):
        self.calls = 0

    def __call__(self, sizes, batch=1, biases=False):
        self.calls += 1
        if len(sizes) < 2 or any(v < 1 or v % 1 for v in (*sizes, batch)):
            raise ValueError("no such network")
        return batch * list(accumulate(m * n for m, n in pairwise(sizes)))[-1]

forward_multiplications = Forward()
""",
    "exact_floats": """
def forward_multiplications(sizes, batch=1):
    if len(sizes) < 2 or any(v < 1 or v % 1 for v in (*sizes, batch)):
        raise ValueError("no such network")
    total = int(batch) * sum(int(m) * int(n) for m, n in zip(sizes, sizes[1:]))
    return float(total) if float(total) == total else total
""",
}

VARIANTS = {
    "dense_parameters": DENSE_PARAMETERS,
    "network_parameters": NETWORK_PARAMETERS,
    "forward_multiplications": FORWARD_MULTIPLICATIONS,
}
