# Fill the disk with one file.
def attack():
    with open("big", "wb") as file:
        for _ in range(1000):
            file.write(bytes(1 << 20))
    return True
