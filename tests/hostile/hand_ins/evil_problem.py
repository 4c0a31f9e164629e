# Fail while loading, with a message that disguises itself.
# verdict: missing
raise type("\x1b[31mE\n\n", (ValueError,), {})("\x1b[31m\n\n\n\n\n\n\n\n\n=1+1<script>\u202e" * 20)
