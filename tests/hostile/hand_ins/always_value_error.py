# Raise ValueError for everything.
# verdict: error
def relu(z):
    raise ValueError
