# Run without end where Python looks at no signal.
# verdict: timeout
def relu(z):
    return 7 ** (7 ** 12)
