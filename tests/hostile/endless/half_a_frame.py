# Announce an answer and never finish it.
# verdict: timeout
import os, time
def relu(z):
    os.write(3, b"\x10\x00\x00\x00abc")
    time.sleep(1e6)
