# Talk to the machine's own services, or to a friend's submission.
import socket
def attack():
    for family in (socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET, socket.AF_VSOCK, 38):
        try:
            return socket.socket(family, socket.SOCK_DGRAM)
        except OSError:
            pass
    return socket.socketpair()
