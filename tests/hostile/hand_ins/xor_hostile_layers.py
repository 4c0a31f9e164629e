# Hand layers to the reference network that it was not made for.
# module: network
# earns: {"xor_layers": 0, "network": 0, "collapse": 0}
# verdict: failed
import numpy as np
count = 0
def xor_layers():
    global count
    count += 1
    one = [(np.zeros((2, 1)), np.zeros(1))] + [(np.ones((1, 1)), np.ones(1))] * 30_000
    return [one, [(np.zeros((2, 0)), np.zeros(0)), (np.zeros((0, 1)), np.ones(1))], [(np.full((2, 2), 1e308), np.ones(2)), (np.full((2, 1), -1e308), np.ones(1))]][count % 3]
def network(x, layers):
    return xor_layers
def collapse(layers):
    return (collapse, collapse)
