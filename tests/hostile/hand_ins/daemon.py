# Outlive the submission as a daemon of its own session.
import os
def attack():
    os.setsid()
    if os.fork() == 0:
        os.setsid()
    return True
