# Raise what is not meant to be caught.
# verdict: error
count = 0
class Worse(BaseException):
    def __str__(self):
        raise KeyboardInterrupt
    __repr__ = __str__
def relu(z):
    global count
    count += 1
    raise [KeyboardInterrupt, GeneratorExit, SystemExit, Worse, StopIteration][count % 5]
