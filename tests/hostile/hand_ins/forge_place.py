# Raise from a place with an endless name, at an endless line.
# verdict: error
import os
def relu(z):
    place = b"\xdb\x00\x0f\x00\x00" + b"\x1b[31m\n<b>" * 109226
    place = b"\xdb" + (len(place) - 5).to_bytes(4, "big") + place[5:]
    one = b"\x97\x01\xc2\xa3E\x0a\x1b\xa1\x0a\xc2" + place + b"\xcf" + b"\xff" * 8
    body = b"\x97\x93\x01\xc2\x90" + one * 6
    body = len(body).to_bytes(4, "little") + body
    while body:
        body = body[os.write(3, body):]
    os._exit(0)
