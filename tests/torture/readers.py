"""Many readers at once, on as many connections, in one thread: who asks how long for an answer."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

GIVE_UP_SECONDS = 60


@dataclass
class Answers:
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def percentile(self, share: float) -> float:
        """In seconds; the longest there are, where nobody was answered."""
        ordered = sorted(self.seconds) or [float(GIVE_UP_SECONDS)]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def add(self, others: "Answers") -> None:
        self.seconds += others.seconds
        self.statuses += others.statuses


def connect(port: int, count: int) -> list[socket.socket]:
    """All connections stand before anybody asks."""
    return [socket.create_connection(("127.0.0.1", port), 20) for _ in range(count)]


def ask(connections: Sequence[socket.socket], path: str) -> Answers:
    """Each asks once, and its connection is closed then."""
    head = "Host: 127.0.0.1\r\nAccept-Encoding: gzip\r\nConnection: close\r\n"
    request = f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()
    answers = Answers()
    began: dict[socket.socket, float] = {}
    statuses: dict[socket.socket, str] = {}
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
            began[connection] = time.monotonic()
            connection.sendall(request)
        until = time.monotonic() + GIVE_UP_SECONDS
        while began and time.monotonic() < until:
            for key, _ in selector.select(timeout=1):
                connection = key.fileobj
                assert isinstance(connection, socket.socket)
                data = _received(connection)
                statuses.setdefault(connection, data[9:12].decode() or "nothing")
                if not data:
                    answers.seconds.append(time.monotonic() - began.pop(connection))
                    selector.unregister(connection)
                    connection.close()
    answers.statuses += Counter(statuses.values())
    answers.statuses["late"] += len(began)
    for connection in began:
        connection.close()
    return answers


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(262_144)
    except OSError:
        return b""
