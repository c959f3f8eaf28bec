"""Proxies on TCP: one swallows what is sent, as networks do; the other cuts off some answers."""

import contextlib
import random
import socket
import threading
from collections.abc import Iterator
from typing import Self

CHUNK = 65_536
SECONDS = 30  # that nobody waits longer for


class Proxy:
    """Handles each connection in a thread of its own."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self._ends: list[socket.socket] = []

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @contextlib.contextmanager
    def serving(self) -> Iterator[Self]:
        thread = threading.Thread(target=self._serve)
        thread.start()
        try:
            yield self
        finally:
            for one in (self._listener, *self._ends):
                end(one)
                one.close()
            thread.join()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed in the end
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._handle, args=(near,), daemon=True).start()

    def _handle(self, near: socket.socket) -> None:
        raise NotImplementedError


class Hole(Proxy):
    """Passes on what comes, both ways; while `is_open`, nothing comes out at either end."""

    def __init__(self, target: str) -> None:
        """`target` is the path of a Unix socket."""
        super().__init__()
        self.is_open = False
        self._target = target

    def _handle(self, near: socket.socket) -> None:
        far = socket.socket(socket.AF_UNIX)
        self._ends += [near, far]
        try:
            far.connect(self._target)
        except OSError:
            end(near)
            return
        threading.Thread(target=self._pump, args=(near, far), daemon=True).start()
        self._pump(far, near)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(CHUNK):
                if not self.is_open:
                    sink.sendall(chunk)
        for one in (source, sink):
            end(one)


class Scissors(Proxy):
    """One request a connection, passed on whole. A `share` of the answers is cut off, somewhere."""

    def __init__(self, target: int, *, seed: int, share: float) -> None:
        """`target` is a port of this machine."""
        super().__init__()
        self.cut = 0
        self._target = ("127.0.0.1", target)
        self._chance = random.Random(seed)
        self._share = share
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _handle(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near, socket.socket() as far:
            near.settimeout(SECONDS)
            far.settimeout(SECONDS)
            far.connect(self._target)
            far.sendall(read_request(near))
            answer = b"".join(iter(lambda: far.recv(CHUNK), b""))
            near.sendall(answer[: self._until(answer)])

    def _until(self, answer: bytes) -> int:
        """How much of it arrives."""
        with self._lock:
            if self._chance.random() >= self._share:
                return len(answer)
            self.cut += 1
            return self._chance.choice((0, self._chance.randrange(len(answer) or 1)))


def end(connection: socket.socket) -> None:
    """Not `close` alone: it would leave a thread waiting that reads from it."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def read_request(connection: socket.socket) -> bytes:
    """All of it, as the header `Content-Length` says."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += _some(connection)
    head, _, _ = read.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    whole = len(head) + 4 + (int(lengths[0].partition(b":")[2]) if lengths else 0)
    while len(read) < whole:
        read += _some(connection)
    return read


def _some(connection: socket.socket) -> bytes:
    chunk = connection.recv(CHUNK)
    if not chunk:
        raise ConnectionError("the client went away")
    return chunk
