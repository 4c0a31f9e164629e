# Start as many threads as there can be, and leave them all waiting.
import threading, time
threading.stack_size(32768)
started = 0
try:
    for _ in range(5000):
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
        started += 1
except RuntimeError:
    pass
def attack():
    return started == 5000
