# Send the inputs home.
import socket
def attack():
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        for family in (socket.AF_INET, socket.AF_INET6):
            try:
                return socket.socket(family, kind)
            except OSError:
                pass
