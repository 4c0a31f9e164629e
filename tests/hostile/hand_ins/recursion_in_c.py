# Recurse without end where Python does not count.
# verdict: crashed or error
import sys
sys.setrecursionlimit(1 << 30)
class Deep:
    def __repr__(self):
        return repr(self)
def relu(z):
    return repr(Deep())
