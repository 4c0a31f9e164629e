# Have the compiler nest a hundred thousand deep.
# verdict: missing
x = @DEEP@
def relu(z):
    return z
