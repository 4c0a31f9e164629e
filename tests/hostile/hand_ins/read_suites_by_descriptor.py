# Open the suites by system calls that differ from Python's usual one.
import ctypes, os
def attack():
    libc = ctypes.CDLL(None)
    path = b"@ROOT@/grader/suites/test_relu.py"
    found = [libc.open(path, 0), libc.syscall(2, path, 0), libc.syscall(257, -100, path, 0)]
    how = (ctypes.c_uint64 * 3)(0, 0, 0)
    found += [libc.syscall(437, -100, path, ctypes.byref(how), 24), libc.syscall(304, -100, how, 0)]
    return any(os.read(f, 1) for f in found if f > 3)
