# Return numbers that trip whoever computes with them.
# verdict: failed
from decimal import Decimal
from fractions import Fraction
import numpy as np
odd = [Decimal("sNaN"), Decimal("1e999999"), Fraction(1, 10**999), 10**5000, -(10**400), float("nan"), float("inf"), 1e308, complex(0, float("nan")), np.longdouble("1e4000"), np.float16("inf"), np.datetime64("NaT"), np.timedelta64(1, "D"), np.ma.masked, np.ma.array([1.0], mask=True), np.zeros(2, "U9"), np.zeros(2, [("a", float)]), np.array([None, object()]), np.zeros((0, 1 << 20)), b"bytes", "text", {1: 2}, {"a": {3.5}}, None, True, NotImplemented, Ellipsis, range(3), slice(3), type, np, print]
count = 0
def relu(z):
    global count
    count += 1
    return odd[(count - 1) % len(odd)]
