# Return something of a type whose name is markup, control codes and lines.
# verdict: failed
Evil = type("=1+1\x1b[31m\n\n\n<img src=x onerror=alert(1)>\u202e", (), {})
Evil.__repr__ = lambda self: "\x1b[2J" * 1000
def relu(z):
    return [Evil(), {"\x1b[31m\n": 1}, "\x1b[31m\n=1+1\n" * 9][0 if isinstance(z, (int, float)) else 1]
