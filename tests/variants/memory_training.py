"""Correct ways of writing training_bytes and fits, as students hand them in with memory.py."""

TRAINING_BYTES = {
    "if_chain": """
def training_bytes(sizes, batch, optimizer="adam", precision="fp32"):
    if len(sizes) < 2 or batch < 1 or batch != int(batch):
        raise ValueError("sizes or batch")
    for s in sizes:
        if s < 1 or s != int(s):
            raise ValueError("sizes")
    if precision == "fp32":
        per_parameter, number = 8, 4
    elif precision == "mixed":
        per_parameter, number = 8, 2
    else:
        raise ValueError("precision")
    if optimizer == "momentum":
        per_parameter += 4
    elif optimizer == "adam":
        per_parameter += 8
    elif optimizer != "sgd":
        raise ValueError("optimizer")
    parameters = 0
    for i in range(len(sizes) - 1):
        parameters += sizes[i] * sizes[i + 1] + sizes[i + 1]
    activations = 0
    for s in sizes:
        activations += s * batch
    return parameters * per_parameter + activations * number
""",
    "table": """
TABLE = {
    ("fp32", "sgd"): 4 + 4,
    ("fp32", "momentum"): 4 + 4 + 4,
    ("fp32", "adam"): 4 + 4 + 8,
    ("mixed", "sgd"): 2 + 2 + 4,
    ("mixed", "momentum"): 2 + 2 + 4 + 4,
    ("mixed", "adam"): 2 + 2 + 4 + 8,
}

def network_parameters(sizes):
    if len(sizes) < 2 or any(s < 1 or s % 1 for s in sizes):
        raise ValueError("sizes")
    return sum((m + 1) * n for m, n in zip(sizes, sizes[1:]))

def training_bytes(sizes, batch, optimizer="adam", precision="fp32"):
    if (precision, optimizer) not in TABLE:
        raise ValueError("unknown optimizer or precision")
    if batch < 1 or batch % 1:
        raise ValueError("batch")
    held = network_parameters(sizes) * TABLE[precision, optimizer]
    return held + batch * sum(sizes) * {"fp32": 4, "mixed": 2}[precision]
""",
    "match": """
def training_bytes(sizes, batch, optimizer="adam", precision="fp32"):
    match optimizer:
        case "sgd":
            state = 0
        case "momentum":
            state = 1
        case "adam":
            state = 2
        case _:
            raise ValueError(f"no optimizer {optimizer}")
    match precision:
        case "fp32" | "mixed":
            number = 4 if precision == "fp32" else 2
        case _:
            raise ValueError(f"no precision {precision}")
    if len(sizes) < 2 or any(v < 1 or v % 1 for v in (*sizes, batch)):
        raise ValueError("no such network")
    parameters = sum(m * n + n for m, n in zip(sizes, sizes[1:]))
    return parameters * 4 * (2 + state) + number * batch * sum(sizes)
""",
    "numpy": """
import numpy as np

STATES = {"sgd": 0, "momentum": 4, "adam": 8}

def training_bytes(sizes, batch, optimizer="adam", precision="fp32"):
    sizes = np.asarray(sizes)
    if sizes.size < 2 or (sizes < 1).any() or (sizes % 1 != 0).any():
        raise ValueError("sizes")
    if batch < 1 or batch % 1 != 0:
        raise ValueError("batch")
    if optimizer not in STATES or precision not in ("fp32", "mixed"):
        raise ValueError("unknown")
    parameters = (sizes[:-1] + 1) @ sizes[1:]
    number = 4 if precision == "fp32" else 2
    return parameters * (8 + STATES[optimizer]) + sizes.sum() * batch * number
""",
    "recursion_layer_by_layer": """
def training_bytes(sizes, batch, optimizer="adam", precision="fp32", first=True):
    if optimizer not in ("sgd", "momentum", "adam") or precision not in ("fp32", "mixed"):
        raise ValueError("unknown")
    if batch < 1 or batch % 1 or len(sizes) < 2 - (not first):
        raise ValueError("no such network")
    if sizes[0] < 1 or sizes[0] % 1:
        raise ValueError("width")
    number = 2 if precision == "mixed" else 4
    bytes_here = batch * int(sizes[0]) * number
    if len(sizes) == 1:
        return bytes_here
    parameters = (int(sizes[0]) + 1) * sizes[1]
    each = 2 * number + (4 if precision == "mixed" else 0)
    each += 4 * ["sgd", "momentum", "adam"].index(optimizer)
    rest = training_bytes(sizes[1:], batch, optimizer, precision, False)
    return bytes_here + int(parameters * each) + rest
""",
    "class": """
from dataclasses import dataclass
from enum import Enum

class Precision(Enum):
    fp32 = (4, 0)
    mixed = (2, 4)

class Optimizer(Enum):
    sgd = 0
    momentum = 4
    adam = 8

@dataclass
class Step:
    sizes: list
    batch: int

    def __post_init__(self):
        if len(self.sizes) < 2 or any(v < 1 or v != int(v) for v in [*self.sizes, self.batch]):
            raise ValueError("no such step")

    def parameters(self):
        return sum(m * n + n for m, n in zip(self.sizes, self.sizes[1:]))

    def bytes(self, number, copy, state):
        held = self.parameters() * (2 * number + copy + state)
        return held + number * self.batch * sum(self.sizes)

def training_bytes(sizes, batch, optimizer="adam", precision="fp32"):
    try:
        number, copy = Precision[precision].value
        state = Optimizer[optimizer].value
    except KeyError as error:
        raise ValueError(f"unknown: {error}") from None
    return Step(list(sizes), batch).bytes(number, copy, state)
""",
}

_TRAINING = TRAINING_BYTES["table"]

FITS = {
    "comparison": _TRAINING
    + """
def fits(sizes, batch, budget_bytes, optimizer="adam", precision="fp32"):
    return training_bytes(sizes, batch, optimizer, precision) <= budget_bytes
""",
    "not_too_much": _TRAINING
    + """
def fits(sizes, batch, budget_bytes, optimizer="adam", precision="fp32"):
    return not training_bytes(sizes, batch, optimizer, precision) > budget_bytes
""",
    "if_else": _TRAINING
    + """
def fits(sizes, batch, budget_bytes, optimizer="adam", precision="fp32"):
    needed = training_bytes(sizes, batch, optimizer=optimizer, precision=precision)
    if budget_bytes < 0:
        return False
    elif needed > budget_bytes:
        return False
    else:
        return True
""",
    "numpy_boolean": TRAINING_BYTES["numpy"]
    + """
def fits(sizes, batch, budget_bytes, optimizer="adam", precision="fp32"):
    return np.less_equal(training_bytes(sizes, batch, optimizer, precision), budget_bytes)
""",
    "bytes_left_over": _TRAINING
    + """
def left_over(sizes, batch, budget_bytes, *how):
    return budget_bytes - training_bytes(sizes, batch, *how)

def fits(sizes, batch, budget_bytes, optimizer="adam", precision="fp32"):
    return left_over(sizes, batch, budget_bytes, optimizer, precision) >= 0
""",
    "on_its_own": """
def fits(sizes, batch, budget_bytes, optimizer="adam", precision="fp32"):
    if len(sizes) < 2 or any(v < 1 or v % 1 for v in (*sizes, batch)):
        raise ValueError("no such network")
    each = {"sgd": 8, "momentum": 12, "adam": 16}.get(optimizer)
    number = {"fp32": 4, "mixed": 2}.get(precision)
    if each is None or number is None:
        raise ValueError("unknown optimizer or precision")
    left = budget_bytes - number * batch * sum(sizes)
    for m, n in zip(sizes, sizes[1:]):
        left -= each * (m + 1) * n
    return bool(left >= 0)
""",
    "class_with_extra_parameter": _TRAINING
    + """
class Budget:
    def __call__(self, sizes, batch, budget_bytes, optimizer="adam", precision="fp32", spare=0):
        step = training_bytes(sizes, batch, optimizer, precision)
        return max(step + spare, budget_bytes) == budget_bytes

fits = Budget()
""",
}
