# Meet a friend's submission in shared memory, message queues, semaphores.
import ctypes
def attack():
    libc = ctypes.CDLL(None)
    calls = [(29, 4711, 4096, 0o1666), (64, 4711, 1, 0o1666), (68, 4711, 0o1666), (240, b"/x", 0o102, 0o666, 0)]
    return any(libc.syscall(*call) >= 0 for call in calls)
