# Recurse without end.
# verdict: error
def relu(z):
    return relu(z)
