"""Wrong versions of relu."""

from functools import partial
from typing import Any

import numpy as np

from solutions.misconceptions import misconception

_relu = partial(misconception, "relu")


@_relu("identity", "behaves like a function that gives every number back unbent")
def _(z: Any) -> Any:
    return np.array(z)


@_relu("absolute", "behaves like an absolute value: it turns negatives positive")
def _(z: Any) -> Any:
    return np.abs(z)


@_relu("step", "behaves like a step, ReLU's derivative: 1 for every positive number")
def _(z: Any) -> Any:
    return np.where(np.asarray(z) > 0, 1, 0)


@_relu("sign", "behaves like a sign function: 1 for positives, -1 for negatives")
def _(z: Any) -> Any:
    return np.sign(z)


@_relu("keeps-negatives", "behaves like a minimum: it keeps the negative numbers")
def _(z: Any) -> Any:
    return np.minimum(z, 0)


@_relu("mirrored", "behaves like a mirrored ReLU: it flips z before it bends it")
def _(z: Any) -> Any:
    return np.maximum(-np.asarray(z), 0)


@_relu("leaky", "behaves like a leaky ReLU: a hundredth of each negative leaks out")
def _(z: Any) -> Any:
    return np.where(np.asarray(z) > 0, z, 0.01 * np.asarray(z))


@_relu("clips-at-one", "behaves like a ReLU that also clips everything above 1")
def _(z: Any) -> Any:
    return np.clip(z, 0, 1)


@_relu("clips-at-six", "behaves like a ReLU6: it also clips everything above 6")
def _(z: Any) -> Any:
    return np.clip(z, 0, 6)


@_relu("sigmoid", "behaves like a sigmoid: it squeezes everything between 0 and 1")
def _(z: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(z)))


@_relu("tanh", "behaves like a tanh: it squeezes everything between -1 and 1")
def _(z: Any) -> Any:
    return np.tanh(z)


@_relu("softplus", "behaves like a softplus: a rounded bend, never quite 0")
def _(z: Any) -> Any:
    return np.log1p(np.exp(z))


@_relu("cuts-at-one", "behaves like a ReLU that keeps a number only from 1 upwards")
def _(z: Any) -> Any:
    return np.where(np.asarray(z) >= 1, z, 0)


@_relu("whole-numbers", "behaves like a ReLU that throws away what follows the decimal point")
def _(z: Any) -> Any:
    return np.maximum(z, 0).astype(int)


@_relu("drops-entries", "behaves like a filter: it drops numbers instead of zeroing")
def _(z: Any) -> Any:
    z = np.asarray(z)
    return z[z > 0]


@_relu("flattens", "behaves like a ReLU that puts all its numbers in one flat list")
def _(z: Any) -> Any:
    return [max(0, number) for number in np.asarray(z).ravel()]


@_relu("largest", "behaves like a maximum over the whole array: it gives only one number")
def _(z: Any) -> Any:
    return np.max(z, initial=0)


@_relu("largest-along-axis", "behaves like a np.max(z, 0), which gives a maximum per column")
def _(z: Any) -> Any:
    return np.max(z, 0)


@_relu("one-number-only", "behaves like a ReLU for one number only, not for arrays")
def _(z: Any) -> Any:
    return z if z > 0 else 0


@_relu("flat-arrays-only", "behaves like a ReLU for a flat list only, not for other shapes")
def _(z: Any) -> Any:
    return [max(0, number) for number in z]


@_relu("arrays-only", "behaves like a ReLU for arrays only, not numbers or lists")
def _(z: Any) -> Any:
    bent = np.zeros(z.shape)
    bent[z > 0] = z[z > 0]
    return bent


@_relu("no-lists", "behaves like a ReLU that takes numbers and arrays, but no lists")
def _(z: Any) -> Any:
    return z * (z > 0)


@_relu("wraps-numbers", "behaves like a ReLU that makes an array of one out of a number")
def _(z: Any) -> Any:
    return np.maximum(np.atleast_1d(z), 0)


@_relu("changes-argument", "behaves like a ReLU that bends the caller's own array")
def _(z: Any) -> Any:
    z = np.asarray(z)
    z[z < 0] = 0
    return z
