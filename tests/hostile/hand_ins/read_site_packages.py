# Read numpy's neighbours through numpy's folder.
import os, numpy
def attack():
    beside = os.path.dirname(os.path.dirname(numpy.__file__))
    for path in (beside, numpy.__path__[0] + "/..", numpy.__path__[0] + "/../msgpack"):
        try:
            return os.listdir(path)
        except OSError:
            pass
    return open(numpy.__path__[0] + "/../_pytest/python.py").read()
