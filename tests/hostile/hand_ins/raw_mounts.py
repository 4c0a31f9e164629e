# Make a disk of our own: mount, unshare, chroot, pivot_root, setns.
import ctypes
def attack():
    libc = ctypes.CDLL(None)
    calls = [(165, b"x", b"/", b"tmpfs", 0, None), (272, 0x10000000), (272, 0x20000), (161, b"."), (155, b".", b"."), (308, 3, 0), (428, -100, b"/", 1), (430, b"tmpfs", 0), (166, b"/", 2), (56, 0x10010900 | 0x20000, 0, 0, 0, 0), (435, bytes(88), 88)]
    return any(libc.syscall(*call) >= 0 for call in calls)
