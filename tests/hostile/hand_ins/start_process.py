# Start a process in every way that Python has.
import multiprocessing, os, subprocess
def attack():
    ways = [
        lambda: os.fork(), lambda: subprocess.run(["true"], check=True), lambda: os.posix_spawn("/bin/true", ["true"], {}),
        lambda: multiprocessing.get_context("fork").Process(target=print).start(), lambda: 1 // int(os.system("true") != 0) and False,
    ]
    for way in ways[:4]:
        try:
            way()
            return True
        except OSError:
            pass
    return os.system("true") == 0
