# Run without end while loading, in a way that catches the interrupt.
# verdict: missing
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
