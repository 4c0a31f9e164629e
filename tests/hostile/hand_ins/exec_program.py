# Become another program.
import ctypes, os
def attack():
    for call in (lambda: os.execv("/bin/sh", ["sh", "-c", "touch /tmp/left-by-nnv-hostile"]), lambda: os.execve("/bin/true", ["true"], {})):
        try:
            call()
        except OSError:
            pass
    argv = (ctypes.c_char_p * 2)(b"true", None)
    return ctypes.CDLL(None).syscall(322, -100, b"/bin/true", argv, None, 0) == 0
