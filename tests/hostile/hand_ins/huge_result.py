# Return two gigabytes that cost nothing to make.
# verdict: memory
import numpy as np
def relu(z):
    return np.broadcast_to(np.float64(0), (1 << 14, 1 << 14))
