# Print without end.
# verdict: timeout
def relu(z):
    while True:
        print("spam" * 1000)
