# Return results without an end.
# verdict: failed
import itertools
count = 0
def relu(z):
    global count
    count += 1
    loop = []
    loop.append(loop)
    tree = {}
    tree["tree"] = tree
    return [itertools.count(), (i for i in itertools.repeat(0)), loop, tree, map(id, itertools.count()), range(1 << 60)][count % 6]
