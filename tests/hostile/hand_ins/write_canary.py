# Change a file that everyone may change: its text, its mode, its times, its name.
import ctypes, os
def attack():
    path = "@CANARY@"
    ways = [
        lambda: open(path, "w").write("changed"), lambda: open(path, "a").write("changed"),
        lambda: os.chmod(path, 0), lambda: os.utime(path, (0, 0)), lambda: os.truncate(path, 0),
        lambda: os.rename(path, path + "2"), lambda: os.unlink(path), lambda: os.chown(path, 0, 0),
        lambda: os.setxattr(path, "user.x", b"x"), lambda: os.rename("@CLASS@", "@CLASS@2"),
    ]
    done = 0
    for way in ways:
        try:
            way()
            done += 1
        except OSError:
            pass
    return done + (ctypes.CDLL(None).truncate(path.encode(), 0) == 0)
