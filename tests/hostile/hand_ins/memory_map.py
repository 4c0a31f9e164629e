# Take all memory past Python's own counting.
import mmap
def attack():
    kept = []
    for _ in range(64):
        kept.append(mmap.mmap(-1, 1 << 28))
        kept[-1].write(b"x" * (1 << 20))
    return kept
