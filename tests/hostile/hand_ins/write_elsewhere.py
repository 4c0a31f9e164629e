# Leave a file wherever the machine might let us.
def attack():
    for folder in ("@CLASS@", "@CLASS@/..", "@ROOT@", "/tmp", "/var/tmp", "/dev/shm", "/run", "/", "~", ".."):
        try:
            open(folder + "/left-by-nnv-hostile", "w").close()
            return True
        except OSError:
            pass
