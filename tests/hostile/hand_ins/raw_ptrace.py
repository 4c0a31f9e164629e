# Take over the fork server: ptrace, or writing into its memory.
import ctypes, os
def attack():
    libc = ctypes.CDLL(None)
    parent = os.getppid()
    piece = (ctypes.c_uint64 * 2)(ctypes.addressof(ctypes.create_string_buffer(8)), 8)
    return 0 in [
        libc.syscall(101, 16, parent, 0, 0), libc.syscall(101, 0x4206, parent, 0, 0), libc.syscall(101, 0, 0, 0, 0),
        libc.syscall(310, parent, piece, 1, piece, 1, 0), libc.syscall(311, parent, piece, 1, piece, 1, 0),
        libc.syscall(312, parent, parent, 0, 0, 0),
    ]
