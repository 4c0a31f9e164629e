# Read the system's files.
def attack():
    for path in ("/etc/passwd", "/etc/shadow", "/etc/hosts", "/root/.ssh/id_rsa", "/dev/mem", "/sys/kernel", "@CANARY@"):
        try:
            return open(path, "rb").read(1)
        except OSError:
            pass
