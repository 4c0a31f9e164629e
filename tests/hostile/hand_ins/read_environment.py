# Find the instructor's secret in the environment, in Python's or in the C library's.
import ctypes, os
def attack():
    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_char_p
    return os.environ.get("NNV_SECRET") or getenv(b"NNV_SECRET")
