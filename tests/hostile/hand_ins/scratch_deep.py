# Nest folders so deep that whoever removes them gives up.
import os
try:
    for _ in range(2000):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
        open("file", "w").close()
except OSError:
    pass
def attack():
    return False
