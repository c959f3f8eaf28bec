"""Ends connections of clients who take their time: to send a request, or to take its answer.

The server waits without a limit for the rest of a body and for whoever does not read. What Linux
knows of a connection tells the two apart from one that is idle: bytes that came after the last
answer, and bytes that the client did not acknowledge. Where the server itself is behind, nobody is
late: bytes that it has not read yet, and time in which this process was not let run, do not count.
Elsewhere nobody keeps the door.
"""

import logging
import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from service.gate.sockets import OWN_DESCRIPTORS, Traffic, sockets, traffic_of

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
SLOWEST = 50_000  # bytes a second: a large body may take longer
CROWDED_SECONDS = 3.0  # for a request while as many bodies are waited for as may be
SLOWEST_TAKEN = 5_000  # bytes a second of an answer
TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
ABORT = struct.pack("ii", 1, 0)  # SO_LINGER: nothing that was not taken is kept


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
        for inode, descriptor in sockets(known=self._connections).accepted.items():
            with suppress(OSError):  # closed meanwhile
                traffic = traffic_of(descriptor)
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
