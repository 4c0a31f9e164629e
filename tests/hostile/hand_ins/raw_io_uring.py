# Have the kernel open files and sockets on our behalf, past the filter.
import ctypes
def attack():
    parameters = ctypes.create_string_buffer(256)
    libc = ctypes.CDLL(None)
    return libc.syscall(425, 8, parameters) >= 0 or libc.syscall(206, 8, parameters) >= 0
