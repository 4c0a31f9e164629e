# Wait for a lock that no one gives back, with every signal blocked.
# verdict: timeout
import signal, threading
def relu(z):
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
