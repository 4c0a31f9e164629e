# Answer with data that is nested, huge or of types that no one knows.
# verdict: crashed
import os
bodies = [b"\x92\x93\x01\xc2\x90\x93\x00\xc2" + b"\x91" * 5000 + b"\xc0", b"\xdd\xff\xff\xff\xff", b"\xc9\x7f\xff\xff\xff\x01", b"\xd6\xff\x00\x00\x00\x00", b"\xc1" * 64]
count = 0
def relu(z):
    global count
    count += 1
    body = bodies[count % len(bodies)]
    os.write(3, len(body).to_bytes(4, "little") + body)
    return 0
