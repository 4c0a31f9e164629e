# Trace and profile whatever runs afterwards, and change what it is about to return.
import sys
def spy(frame, event, arg):
    if event == "return" and isinstance(arg, bytes):
        frame.f_locals["data"] = b"\xc3"
    return spy
sys.settrace(spy)
sys.setprofile(spy)
def attack():
    frame = sys._getframe(2)
    frame.f_trace = spy
    return False
