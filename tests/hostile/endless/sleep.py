# Sleep until everyone has given up.
# verdict: timeout
import time
def relu(z):
    time.sleep(1e6)
