# Two functions that do nothing but call each other: each is right once the other is replaced.
# module: parameters
# earns: {"network_parameters": 0, "forward_multiplications": 0}
# verdict: error or failed
def _right(n):
    if n < 1 or n != int(n):
        raise ValueError
    return int(n)
def dense_parameters(m, n):
    return _right(m) * _right(n) + _right(n)
def network_parameters(sizes):
    return forward_multiplications(sizes) + sum(map(_right, sizes[1:]))
def forward_multiplications(sizes, batch=1):
    return _right(batch) * (network_parameters(sizes) - sum(map(_right, sizes[1:])))
