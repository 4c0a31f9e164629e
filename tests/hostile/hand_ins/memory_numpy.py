# Take all memory with an array.
# verdict: memory
import numpy as np
def relu(z):
    return np.ones((1 << 15, 1 << 14))
