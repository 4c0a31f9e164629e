# Make more files than the disk has room for.
def attack():
    made = 0
    try:
        while made < 100_000:
            open(f"file{made}", "w").close()
            made += 1
    except OSError:
        pass
    return made >= 100_000
