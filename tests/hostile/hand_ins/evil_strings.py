# Put control codes, markup and formulas where they may be shown.
# verdict: error
bad = "=HYPERLINK(\"http://x\")\n\x1b[31m\x1b]0;title\x07<script>alert(1)</script>\u202e\u2028\x00\r```\n| @SUM(1) \ud800"
class Named(Exception): pass
Named.__name__ = "\x1b[2J\nE<b>" * 9
Named.__qualname__ = bad
count = 0
def relu(z):
    print(bad)
    raise Named(bad * 50)
relu.__name__ = bad
