# Run a program that is on no disk.
import ctypes
def attack():
    libc = ctypes.CDLL(None)
    found = [libc.syscall(319, b"x", 0), libc.memfd_create(b"x", 0), libc.syscall(447, 0)]
    return any(f > 0 for f in found)
