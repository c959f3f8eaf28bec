"""What Linux knows of the connections of this process."""

import fcntl
import os
import socket
import stat
import struct
import termios
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

OWN_DESCRIPTORS = Path("/proc/self/fd")
# struct tcp_info of linux/tcp.h: data last sent and received, in ms ago; unacknowledged segments;
# bytes acknowledged and received, not sent yet, and sent.
FIELDS = struct.Struct("<24xI16xI4xI64xQQ8xI52xQ")
INFO = FIELDS.size
COUNT = struct.Struct("i")


@dataclass(frozen=True, slots=True)
class Traffic:
    unread: int  # by the server
    unacknowledged: int
    sent_ms: int
    received_ms: int
    acknowledged: int
    received: int
    unsent: int
    sent: int

    @property
    def is_unheard(self) -> bool:
        """The server knows nothing yet of what is wanted."""
        return self.received == 0 or self.unread > 0

    @property
    def is_asking(self) -> bool:
        """Something came after the last that was sent, and the server waits for more of it."""
        came = self.received > 0 and (self.sent == 0 or self.received_ms < self.sent_ms)
        return came and not self.unread

    @property
    def is_taking(self) -> bool:
        return self.unacknowledged + self.unsent > 0

    @property
    def silent_seconds(self) -> float:
        return min(self.sent_ms if self.sent else self.received_ms, self.received_ms) / 1000


@dataclass
class Sockets:
    """Descriptors of those at which others may connect, and of those who did, by inode."""

    listening: list[int] = field(default_factory=list)
    accepted: dict[int, int] = field(default_factory=dict)


def sockets(known: Container[int] = ()) -> Sockets:
    """`known` are inodes of accepted ones, which need no second look."""
    found = Sockets()
    others, ports = [], set()
    for name in os.listdir(OWN_DESCRIPTORS):
        descriptor = int(name)
        with suppress(OSError):
            status = os.fstat(descriptor)
            if status.st_ino in known:
                found.accepted[status.st_ino] = descriptor
            elif stat.S_ISSOCK(status.st_mode):
                port, is_listening = _port(descriptor)
                if is_listening:
                    found.listening.append(descriptor)
                    ports.add(port)
                else:
                    others.append((port, status.st_ino, descriptor))
    found.accepted.update(
        {inode: descriptor for port, inode, descriptor in others if port in ports}
    )
    return found


def traffic_of(descriptor: int) -> Traffic:
    with borrowed(descriptor) as it:
        known = FIELDS.unpack(it.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, INFO))
    [unread] = COUNT.unpack(fcntl.ioctl(descriptor, termios.FIONREAD, bytes(COUNT.size)))
    return Traffic(unread, *known)


@contextmanager
def borrowed(descriptor: int) -> Iterator[socket.socket]:
    """The server's own, which it may close at any moment: good for questions only."""
    it = socket.socket(fileno=descriptor)
    try:
        yield it
    finally:
        it.detach()


def _port(descriptor: int) -> tuple[int, bool]:
    """Its own, and whether others may connect to it; 0 for what has none.

    Raises OSError for what is neither listening nor connected.
    """
    with borrowed(descriptor) as it:
        if it.family not in (socket.AF_INET, socket.AF_INET6):
            return 0, False
        is_listening = it.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        if not is_listening:
            it.getpeername()  # which what is only bound has not
        return int(it.getsockname()[1]), bool(is_listening)
