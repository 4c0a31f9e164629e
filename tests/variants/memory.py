"""Correct ways of writing the functions of memory.py, as students hand them in."""

from variants.memory_training import FITS, TRAINING_BYTES

WEIGHT_BYTES = {
    "negative_floor": """
def weight_bytes(parameters, bits=16):
    if parameters < 0 or bits < 1:
        raise ValueError("makes no sense")
    return -(-parameters * bits // 8)
""",
    "add_seven": """
def weight_bytes(parameters, bits=16):
    if parameters < 0:
        raise ValueError("parameters")
    if bits <= 0:
        raise ValueError("bits")
    return (parameters * bits + 7) // 8
""",
    "remainder": """
def weight_bytes(parameters, bits=16):
    if parameters < 0 or bits < 1:
        raise ValueError((parameters, bits))
    total_bits = parameters * bits
    whole_bytes = total_bits // 8
    if total_bits % 8 != 0:
        whole_bytes += 1
    return whole_bytes
""",
    "ceil_of_fraction": """
import math
from fractions import Fraction

def weight_bytes(parameters, bits=16):
    if parameters < 0 or bits < 1:
        raise ValueError("makes no sense")
    return math.ceil(Fraction(parameters * bits, 8))
""",
    "shift": """
def weight_bytes(parameters, bits=16, *, bits_in_byte=8):
    if not (parameters >= 0 and bits >= 1):
        raise ValueError("makes no sense")
    return (parameters * bits + 0b111) >> 3
""",
    "class_with_groups_of_eight": '''
class Bytes:
    """Eight numbers of any bits fill whole bytes; only the rest has to be rounded."""

    def __call__(self, parameters, bits=16):
        if parameters < 0 or bits < 1:
            raise ValueError("makes no sense")
        groups, rest = divmod(parameters, 8)
        return groups * bits + -(-rest * bits // 8)

weight_bytes = Bytes()
''',
    "float_where_exact": """
def weight_bytes(parameters, bits=16):
    if parameters < 0 or bits < 1:
        raise ValueError("makes no sense")
    count, part = divmod(parameters * bits, 8)
    count += part != 0
    return float(count) if count < 2**53 else count
""",
}

_CHECKS = """
def check(inputs, outputs, hidden_layers, budget_bytes, bits):
    if inputs < 1 or outputs < 1 or hidden_layers < 1 or bits < 1 or budget_bytes < 0:
        raise ValueError("makes no sense")
"""

WIDEST_HIDDEN_LAYER = {
    "doubling_and_halving": _CHECKS
    + """
def widest_hidden_layer(inputs, outputs, hidden_layers, budget_bytes, bits=16):
    check(inputs, outputs, hidden_layers, budget_bytes, bits)

    def fits(w):
        weights = inputs * w + (hidden_layers - 1) * w * w + w * outputs
        biases = hidden_layers * w + outputs
        return (weights + biases) * bits <= 8 * budget_bytes

    if not fits(1):
        return 0
    low, high = 1, 2
    while fits(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if fits(middle):
            low = middle
        else:
            high = middle
    return low
""",
    "bit_by_bit": _CHECKS
    + """
def widest_hidden_layer(inputs, outputs, hidden_layers, budget_bytes, bits=16):
    check(inputs, outputs, hidden_layers, budget_bytes, bits)
    width = 0
    for power in reversed(range(50)):
        w = width + 2**power
        count = (inputs + 1) * w + (hidden_layers - 1) * (w + 1) * w + (w + 1) * outputs
        if -(-count * bits // 8) <= budget_bytes:
            width = w
    return width
""",
    "integer_square_root": _CHECKS
    + """
from math import isqrt

def widest_hidden_layer(inputs, outputs, hidden_layers, budget_bytes, bits=16):
    check(inputs, outputs, hidden_layers, budget_bytes, bits)
    a = hidden_layers - 1
    b = inputs + hidden_layers + outputs
    c = 8 * budget_bytes // bits - outputs
    if c < 0:
        return 0
    if a == 0:
        return c // b
    return (isqrt(b * b + 4 * a * c) - b) // (2 * a)
""",
    "recursion": _CHECKS
    + """
def widest_hidden_layer(inputs, outputs, hidden_layers, budget_bytes, bits=16):
    check(inputs, outputs, hidden_layers, budget_bytes, bits)

    def parameters(w):
        sizes = [inputs] + [w] * min(hidden_layers, 2) + [outputs]
        total = sum(m * n + n for m, n in zip(sizes, sizes[1:]))
        return total + max(hidden_layers - 2, 0) * (w * w + w)

    def search(low, high):
        if low == high:
            return low
        middle = (low + high + 1) // 2
        if parameters(middle) * bits > budget_bytes * 8:
            return search(low, middle - 1)
        return search(middle, high)

    return search(0, 8 * budget_bytes)
""",
    "float_estimate_then_steps": _CHECKS
    + """
import math

def widest_hidden_layer(inputs, outputs, hidden_layers, budget_bytes, bits=16):
    check(inputs, outputs, hidden_layers, budget_bytes, bits)
    a, b = hidden_layers - 1, inputs + hidden_layers + outputs
    numbers = 8 * budget_bytes // bits

    def count(w):
        return a * w * w + b * w + outputs

    if a:
        w = int((math.sqrt(b * b + 4 * a * numbers) - b) / (2 * a))
    else:
        w = int(numbers / b)
    while w > 0 and count(w) > numbers:
        w -= 1
    while count(w + 1) <= numbers:
        w += 1
    return w
""",
    "whole_network_each_time": """
def network_parameters(sizes):
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError("sizes")
    return sum(m * n + n for m, n in zip(sizes, sizes[1:]))

def weight_bytes(parameters, bits=16):
    if parameters < 0 or bits < 1:
        raise ValueError("makes no sense")
    return (parameters * bits + 7) // 8

def widest_hidden_layer(inputs, outputs, hidden_layers, budget_bytes, bits=16):
    if hidden_layers < 1 or budget_bytes < 0:
        raise ValueError("makes no sense")
    low, high = 0, 8 * budget_bytes // max(bits, 1) + 1
    weight_bytes(network_parameters([inputs, 1, outputs]), bits)
    while low + 1 < high:
        middle = (low + high) // 2
        sizes = [inputs, *[middle] * hidden_layers, outputs]
        if weight_bytes(network_parameters(sizes), bits) <= budget_bytes:
            low = middle
        else:
            high = middle
    return low
""",
    "class_with_bisect": _CHECKS
    + """
import bisect

class Widths:
    def __init__(self, inputs, outputs, hidden_layers, bits):
        self.linear = inputs + hidden_layers + outputs
        self.square = hidden_layers - 1
        self.rest = outputs
        self.bits = bits

    def __len__(self):
        return 10**13

    def __getitem__(self, w):
        return (self.square * w * w + self.linear * w + self.rest) * self.bits

def widest_hidden_layer(inputs, outputs, hidden_layers, budget_bytes, bits=16, *, least=0):
    check(inputs, outputs, hidden_layers, budget_bytes, bits)
    widths = Widths(inputs, outputs, hidden_layers, bits)
    return max(bisect.bisect_right(widths, 8 * budget_bytes) - 1, least)
""",
}

VARIANTS = {
    "weight_bytes": WEIGHT_BYTES,
    "training_bytes": TRAINING_BYTES,
    "fits": FITS,
    "widest_hidden_layer": WIDEST_HIDDEN_LAYER,
}
