# Ignore all signals, catch every exception, and go on.
# verdict: timeout
import signal
for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
def relu(z):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
