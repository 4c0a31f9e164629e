# Look around in /proc: the environment, memory maps, memory and descriptors of anyone.
import os
def attack():
    for who in ("self", "thread-self", "1", str(os.getppid()), "@PID@"):
        for what in ("environ", "maps", "mem", "cmdline", "stat", "fd/0", "root/etc/passwd", "cwd"):
            try:
                return open(f"/proc/{who}/{what}", "rb").read(1)
            except OSError:
                pass
        for what in ("fd", "task", "map_files", "root"):
            try:
                return os.listdir(f"/proc/{who}/{what}")
            except OSError:
                pass
