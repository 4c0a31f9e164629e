# Run without end.
# verdict: timeout
def relu(z):
    while True:
        pass
