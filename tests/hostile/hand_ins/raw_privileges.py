# Ask for privileges, or for less confinement.
import ctypes
def attack():
    libc = ctypes.CDLL(None)
    calls = [(105, 0), (106, 0), (117, 0, 0, 0), (119, 0, 0, 0), (116, 0, None), (126, bytes(8), bytes(24)), (157, 4, 1, 0, 0, 0), (157, 22, 0, 0, 0, 0), (157, 1, 0, 0, 0, 0), (317, 0, 0, 0), (135, 0x0400000), (444, bytes(16), 16, 0)]
    return any(libc.syscall(*call) >= 0 for call in calls)
