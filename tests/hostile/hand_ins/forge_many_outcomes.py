# Answer with more outcomes than there were calls.
# verdict: crashed
import os
def relu(z):
    body = b"\xdd\x00\x01\x00\x01\x93\x01\xc2\x90" + b"\x93\x00\xc2\x00" * 65536
    os.write(3, len(body).to_bytes(4, "little") + body)
    return 0
