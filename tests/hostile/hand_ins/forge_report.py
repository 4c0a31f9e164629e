# Claim, while loading, that all functions are there.
# spoils: others too
# verdict: crashed
# earns: {"relu": 0}
import os
body = b"\x94\x91\xa4relu\x90\x80\x80"
os.write(3, len(body).to_bytes(4, "little") + body)
