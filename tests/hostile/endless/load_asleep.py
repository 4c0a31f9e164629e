# Sleep while loading.
# verdict: missing
import time
time.sleep(1e6)
def relu(z):
    return z
