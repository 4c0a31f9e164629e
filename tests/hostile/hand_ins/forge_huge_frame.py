# Announce four gigabytes.
# verdict: crashed
import os
def relu(z):
    os.write(3, b"\xff\xff\xff\xff" + b"x" * 100)
    return 0
