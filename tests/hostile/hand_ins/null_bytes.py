# Hand in bytes that are no text.
# verdict: missing
def relu(z):
    return "@NUL@"
