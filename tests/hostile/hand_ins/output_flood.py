# Print without end, by every way there is to print.
import os, sys
def attack():
    line = "spam " * 1000
    for _ in range(300):
        print(line)
        print(line, file=sys.stderr)
        sys.__stdout__.write(line)
        for descriptor in (0, 1, 2):
            try:
                os.write(descriptor, line.encode())
            except OSError:
                pass
    return False
