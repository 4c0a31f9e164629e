# Use all processors at once.
# verdict: timeout or error
import hashlib, threading
def spin():
    while True:
        hashlib.pbkdf2_hmac("sha256", b"x", b"y", 100_000)
def relu(z):
    for _ in range(20):
        threading.Thread(target=spin, daemon=True).start()
    spin()
