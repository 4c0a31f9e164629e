# Have the process die of a wrong address.
# verdict: crashed
import ctypes
def relu(z):
    return ctypes.string_at(8)
