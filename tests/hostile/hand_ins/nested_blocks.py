# Have the compiler recurse by operators and attributes.
# verdict: missing
x = @MINUS@1
def relu(z):
    return z
