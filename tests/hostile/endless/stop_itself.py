# Stop, as a debugger would stop us.
# verdict: timeout
import os, signal
def relu(z):
    os.kill(os.getpid(), signal.SIGSTOP)
