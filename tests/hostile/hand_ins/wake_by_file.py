# Tell a friend's submission something by waking waiters at a page of a file that both have mapped.
import ctypes, mmap, numpy
def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
    file = open(numpy.__file__, "rb")
    page = libc.mmap(None, 4096, 1, 1, file.fileno(), 0)
    wake = libc.syscall(202, ctypes.c_void_p(page), 1, 1, None, None, 0)
    return wake >= 0 or libc.syscall(454, ctypes.c_void_p(page), -1, 1, 2) >= 0
