# Have the compiler read a number of a million digits and compute a larger one.
# verdict: missing
x = @DIGITS@
y = 9 ** 9 ** 9 if x is None else 0
def relu(z):
    return z
