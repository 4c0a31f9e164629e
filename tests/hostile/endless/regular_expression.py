# Have the regular expressions go back and forth for ever.
# verdict: timeout
import re
def relu(z):
    return re.match("(a*)*b", "a" * 40)
