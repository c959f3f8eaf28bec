"""Ends connections of clients who take their time: to send a request, or to take its answer.

The server waits without a limit for the rest of a body and for whoever does not read. What Linux
knows of a connection tells the two apart from one that is idle: bytes that came after the last
answer, and bytes that the client did not acknowledge. Where the server itself is behind, nobody is
late: bytes that it has not read yet, and time in which this process was not let run, do not count.
Elsewhere nobody keeps the door.
"""

import fcntl
import logging
import os
import socket
import stat
import struct
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
SLOWEST = 50_000  # bytes a second: a large body may take longer
CROWDED_SECONDS = 3.0  # for a request while as many bodies are waited for as may be
SLOWEST_TAKEN = 5_000  # bytes a second of an answer
OWN_DESCRIPTORS = Path("/proc/self/fd")
TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
ABORT = struct.pack("ii", 1, 0)  # SO_LINGER: nothing that was not taken is kept
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


@dataclass(slots=True)
class Connection:
    """What was seen of one so far. Times are the doorkeeper's."""

    asking_since: float | None = None
    asked: int = 0  # bytes that had been received before
    sent: int = 0
    taking_since: float | None = None
    taken: int = 0  # bytes that had been acknowledged before

    def see(self, traffic: Traffic, now: float) -> None:
        if not traffic.is_asking or traffic.sent != self.sent:
            self.asking_since = None
        if traffic.is_asking and self.asking_since is None:
            self.asking_since = now
            self.asked = traffic.received
        self.sent = traffic.sent
        if not traffic.is_taking:
            self.taking_since = None
        elif self.taking_since is None:
            self.taking_since, self.taken = now, traffic.acknowledged

    def is_late(self, traffic: Traffic, now: float, seconds: float) -> bool:
        """With its request."""
        if self.asking_since is None:
            # Its begin may have come with the request before, and so before the last answer. The
            # server itself closes what is idle sooner than this, and who never said anything: of
            # those Linux does not know since when.
            begun = traffic.received > 0 and not traffic.unread
            return begun and traffic.silent_seconds > seconds
        return now - self.asking_since > seconds + (traffic.received - self.asked) / SLOWEST

    def is_not_taking(self, traffic: Traffic, now: float, seconds: float) -> bool:
        if self.taking_since is None:
            return False
        more = (traffic.acknowledged - self.taken) / SLOWEST_TAKEN
        return now - self.taking_since > seconds + more


class Doorkeeper:
    """`seconds` is for a request, from its first byte to the first of the answer, and for that."""

    def __init__(self, *, seconds: float, is_crowded: Callable[[], bool]) -> None:
        self._seconds = seconds
        self._is_crowded = is_crowded
        self._pause = min(LOOK_SECONDS, seconds / 4)
        self._looked = time.monotonic()
        self._lived = 0.0  # seconds, without those in which this process was not let run
        self._connections: dict[int, Connection] = {}  # by inode

    def start(self) -> None:
        if OWN_DESCRIPTORS.exists():
            threading.Thread(target=self._run, name="doorkeeper", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(self._pause)
            try:
                self.look()
            except Exception as error:
                log.error("the doorkeeper failed", extra={"error": type(error).__name__})

    def look(self) -> None:
        """Once at all connections of this process."""
        now = self._now()
        seconds = min(self._seconds, CROWDED_SECONDS) if self._is_crowded() else self._seconds
        seen = {}
        for inode, descriptor in self._accepted():
            with suppress(OSError):  # closed meanwhile
                traffic = _traffic(descriptor)
                known = seen[inode] = self._connections.get(inode) or Connection()
                known.see(traffic, now)
                if known.is_late(traffic, now, seconds):
                    _end(inode, descriptor, TOO_LATE)
                elif known.is_not_taking(traffic, now, self._seconds):
                    _end(inode, descriptor, b"")
        self._connections = seen

    def _now(self) -> float:
        looked, self._looked = self._looked, time.monotonic()
        self._lived += min(self._looked - looked, 2 * self._pause)
        return self._lived

    def _accepted(self) -> list[tuple[int, int]]:
        """Inode and descriptor of each connection that somebody else opened."""
        accepted, others, listening = [], [], set()
        for name in os.listdir(OWN_DESCRIPTORS):
            descriptor = int(name)
            with suppress(OSError):
                status = os.fstat(descriptor)
                if status.st_ino in self._connections:
                    accepted.append((status.st_ino, descriptor))
                elif stat.S_ISSOCK(status.st_mode):
                    port, is_listening = _port(descriptor)
                    if is_listening:
                        listening.add(port)
                    else:
                        others.append((port, (status.st_ino, descriptor)))
        return accepted + [both for port, both in others if port in listening]


def _port(descriptor: int) -> tuple[int, bool]:
    """Its own, and whether others may connect to it; 0 for what has none."""
    with _borrowed(descriptor) as it:
        if it.family not in (socket.AF_INET, socket.AF_INET6):
            return 0, False
        is_listening = it.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        return int(it.getsockname()[1]), bool(is_listening)


def _traffic(descriptor: int) -> Traffic:
    with _borrowed(descriptor) as it:
        known = FIELDS.unpack(it.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, INFO))
    [unread] = COUNT.unpack(fcntl.ioctl(descriptor, termios.FIONREAD, bytes(COUNT.size)))
    return Traffic(unread, *known)


@contextmanager
def _borrowed(descriptor: int) -> Iterator[socket.socket]:
    """The server's own, which it may close at any moment: good for questions only."""
    it = socket.socket(fileno=descriptor)
    try:
        yield it
    finally:
        it.detach()


def _end(inode: int, descriptor: int, farewell: bytes) -> None:
    """The server finds the connection closed, and lets go of it and of whoever waits for it."""
    with socket.socket(fileno=os.dup(descriptor)) as it:
        if os.fstat(it.fileno()).st_ino != inode:  # another one's by now
            return
        log.info("a connection was ended", extra={"late": bool(farewell)})
        if farewell:
            it.send(farewell, socket.MSG_DONTWAIT)
        else:
            it.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
        it.shutdown(socket.SHUT_RDWR)
