"""Five hundred readers at once, of a page that nobody has in memory any more."""

import re
import selectors
import socket
import time
from collections.abc import Callable, Iterator, Sequence

from benchmarks.load import Connection
from benchmarks.machine import GENERATOR_CORES, pinned_to
from benchmarks.moderating import Moderator
from benchmarks.sample import Sample, milliseconds
from benchmarks.seeding import LONG
from benchmarks.stack import Stack, System, comments_of, started
from benchmarks.texts import http_request

READERS = 500
PAST = (LONG,)
EXPIRED_SECONDS = 4.0  # longer than answers live, shorter than old ones may stand in for new ones
SECONDS_TO_ANSWER = 60
COUNTED_AFTER = 5.0  # seconds until the figures are in the database
# What the service counts when it makes an answer anew. A sum over all lines that match.
RENDERS = re.compile(
    r'^afterword_lane_events_total\{event="(?:miss|renewal)"\} ([0-9.e+]+)$', re.MULTILINE
)


def stampede(databases: Sequence[str], seconds: float, repeat: int) -> Iterator[Sample]:
    del seconds  # every reader asks once
    for database in databases:
        for _ in range(repeat):
            # Started anew each time: then the first page is one that was never read.
            with started(System(database), past=PAST) as stack, pinned_to(GENERATOR_CORES):
                yield from _all_at_once(stack)


def _all_at_once(stack: Stack) -> Iterator[Sample]:
    before: dict[str, Callable[[], None]] = {
        "cold": lambda: None,
        "expired": lambda: time.sleep(EXPIRED_SECONDS),
        "purged": lambda: _decide(stack),
    }
    for when, prepare in before.items():
        connections = _connect(stack.port)
        earlier = renders(stack)
        prepare()
        times, failed = _ask(connections, comments_of(LONG.page))
        values = milliseconds(times, 0.50, 0.99, 1.0)
        later = renders(stack)
        if earlier is not None and later is not None:
            values["renders"] = later - earlier
        yield Sample("stampede", (stack.system.name, when), values | {"failed": failed})


def _decide(stack: Stack) -> None:
    """Over a connection of its own: one that is silent for so long as the others take is ended."""
    moderator = Moderator(stack, LONG.size - 1)
    moderator.turn()
    moderator.close()


def renders(stack: Stack) -> float | None:
    """How often an answer was made, as the service counts it; None when it does not."""
    time.sleep(COUNTED_AFTER)
    connection = Connection(stack.port)
    text = connection.get("/metrics").content.decode()
    connection.close()
    found = RENDERS.findall(text)
    return sum(map(float, found)) if found else None


def _connect(port: int) -> list[socket.socket]:
    """All connections stand before anybody asks."""
    return [socket.create_connection(("127.0.0.1", port)) for _ in range(READERS)]


def _ask(connections: Sequence[socket.socket], path: str) -> tuple[list[float], int]:
    """Seconds from each reader's question to the last byte of the answer; and how many failed."""
    request = http_request("GET", path, "Accept-Encoding: gzip\r\nConnection: close\r\n")
    asked: dict[socket.socket, float] = {}
    first: dict[socket.socket, bytes] = {}
    times: list[float] = []
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
            asked[connection] = time.perf_counter()
            connection.sendall(request)
        until = time.perf_counter() + SECONDS_TO_ANSWER
        while asked and time.perf_counter() < until:
            for key, _ in selector.select(timeout=1):
                connection = key.fileobj
                assert isinstance(connection, socket.socket)
                data = connection.recv(262_144)
                first.setdefault(connection, data[:12])
                if not data:
                    times.append(time.perf_counter() - asked.pop(connection))
                    selector.unregister(connection)
                    connection.close()
    good = sum(start == b"HTTP/1.1 200" for start in first.values()) - len(asked)
    return times, len(connections) - good
