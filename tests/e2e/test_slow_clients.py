"""Clients that take their time, and many who do nothing: the process alone shuts them out."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil

from tests.e2e.load import Ledger, stored
from tests.e2e.running import PAGE, SITE, Processes, Started, call, until
from tests.factories import SECRET

SECONDS = 4  # that a client has; the shipped setting is longer
READ = f"/v1/comments?site={SITE}&page={PAGE}"
GET = f"GET {READ} HTTP/1.1\r\nHost: news\r\n\r\n".encode()
HEAD = b"POST /v1/comments HTTP/1.1\r\nHost: news\r\nContent-Type: application/json\r\n"
LONG = HEAD + b"Content-Length: 2000\r\n\r\n{"
# What each kind of client sends at first, and now and then.
KINDS = {
    "says nothing": (b"", b""),
    "sends a head byte by byte": (b"GET /livez HTTP/1.1\r\nHost: ne", b"w"),
    "stops within a body": (LONG, b""),
    "sends a body byte by byte": (LONG, b" "),
    "sends a body in small chunks": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
        b"1\r\n \r\n",
    ),
    "begins a second request with the first": (GET + LONG, b""),
    "never reads": (GET * 3_000, b""),
    "was answered": (GET, b""),
}
EACH = 12  # of each kind: together, more than there are places, and more than may send bodies
IDLE = 1_500  # more than a server takes at once that counts idle connections like requests
MIB = 1024 * 1024
MORE_MEMORY = 64 * MIB


def started(processes: Processes, folder: Path) -> tuple[Started, str]:
    database = f"sqlite:///{folder / 'afterword.db'}"
    settings = {"database_url": database, "redis_url": "unix:///none", "secret": SECRET}
    settings |= {"limits": "off", "request_seconds": str(SECONDS), "log_level": "WARNING"}
    processes.set_up(**settings)
    return processes.web(**settings), database


@contextmanager
def clients(web: Started, count: int, beginning: bytes) -> Iterator[list[socket.socket]]:
    host, _, port = web.address.removeprefix("http://").rpartition(":")
    opened = []
    try:
        for _ in range(count):
            one = socket.socket()
            opened.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.settimeout(20)
            one.connect((host, int(port)))
            one.setblocking(False)
            one.send(beginning)
        yield opened
    finally:
        for one in opened:
            one.close()


@contextmanager
def trickling(sockets: list[socket.socket], drop: bytes) -> Iterator[None]:
    """Meanwhile each sends a few bytes now and then."""
    enough = threading.Event()

    def trickle() -> None:
        while drop and not enough.wait(0.5):
            for one in sockets:
                with suppress(OSError):
                    one.send(drop)

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def connections(web: Started) -> int:
    """That the web processes have open to clients."""
    port = int(web.address.rpartition(":")[2])
    return sum(
        one.laddr.port == port and one.status == psutil.CONN_ESTABLISHED
        for process in web.descendants()
        for one in process.net_connections("tcp")
    )


def ensure_served(web: Started, ledger: Ledger) -> float:
    """A reader gets the page and an author's comment is taken; answers the seconds for reading.

    The author is told to come back while as many others as may be are sending theirs.
    """

    def is_taken() -> bool:
        read = call("GET", web.address + READ)
        assert read.status == 200
        waited.append(read.seconds)
        return ledger.post(web.address, f"Meanwhile, {len(ledger.accepted)} comments.") is not None

    waited: list[float] = []
    until(is_taken, "a comment that is taken", seconds=20)
    assert all("/problems/busy" in answer for answer in ledger.refused), ledger.refused
    return max(waited)


def test_slow_clients_are_shut_out_and_others_are_served(
    processes: Processes, folder: Path
) -> None:
    web, database = started(processes, folder)
    ledger = Ledger()
    ensure_served(web, ledger)
    [process] = web.descendants()
    memory = process.memory_info().rss
    with ExitStack() as stack:
        for beginning, drop in KINDS.values():
            slow = stack.enter_context(clients(web, EACH, beginning))
            stack.enter_context(trickling(slow, drop))
        began = time.monotonic()
        seconds = max(ensure_served(web, ledger) for _ in range(5))
        until(lambda: connections(web) == 0, "an end of all of them", seconds=40)
        took = time.monotonic() - began
        print(f"Slow ones: shut out after {took:.1f} s; a reader waited {seconds:.3f} s")
        print(f"An author was told to come back {len(ledger.refused)} times")
    with clients(web, IDLE, b""):
        seconds = max(ensure_served(web, ledger) for _ in range(3))
        until(lambda: connections(web) == 0, "an end of those who say nothing", seconds=40)
    grown = process.memory_info().rss - memory
    print(f"{IDLE} who say nothing: a reader waited {seconds:.3f} s; {grown / MIB:.0f} MiB more")
    assert grown < MORE_MEMORY
    assert {row.comment for row in stored(database)} == set(ledger.accepted)
