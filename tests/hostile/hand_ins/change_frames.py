# Change the runner's variables and globals by way of its frames.
# verdict: crashed
import sys
def attack():
    frame = sys._getframe(1)
    while frame is not None:
        names = frame.f_globals
        for name in ("_encode", "encode", "_changed", "_isinstance", "_ValueError"):
            if name in names and "sandbox" in names.get("__name__", ""):
                names[name] = lambda *a, **k: True
        frame.f_locals.get("outcomes", []).clear()
        frame = frame.f_back
    return False
