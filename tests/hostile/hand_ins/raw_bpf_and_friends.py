# Program the kernel: bpf, perf events, userfaultfd, modules, keys.
import ctypes
def attack():
    libc = ctypes.CDLL(None)
    calls = [(321, 0, bytes(64), 64), (298, bytes(128), 0, -1, -1, 0), (323, 0), (175, b"", 0, b""), (313, 3, b"", 0), (250, 0, -3, 0), (248, b"user", b"x", b"x", 1, -3), (249, b"user", b"x", 0, 0)]
    return any(libc.syscall(*call) >= 0 for call in calls)
