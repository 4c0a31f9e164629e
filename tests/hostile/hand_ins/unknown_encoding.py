# -*- coding: no-such-encoding -*-
# verdict: missing
def relu(z):
    return z
