# Hand in text of no encoding, and say that it is one.
# verdict: failed
# -*- coding: utf-8 -*-
def relu(z):
    return "@BAD@"
