"""A proxy on TCP that passes each request on whole, and cuts some of the answers off."""

import contextlib
import random
import socket
import threading
from collections.abc import Iterator

CHUNK = 65_536
SECONDS = 30  # that nobody waits longer for


class Scissors:
    """One request a connection. A `share` of the answers is cut off, somewhere or wholly."""

    def __init__(self, port: int, *, seed: int, share: float) -> None:
        self.cut = 0
        self._target = ("127.0.0.1", port)
        self._chance = random.Random(seed)
        self._share = share
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=200)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def serve(self) -> None:
        with contextlib.suppress(OSError):  # the listener is shut down in the end
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._pass_on, args=(near,), daemon=True).start()

    def _pass_on(self, near: socket.socket) -> None:
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

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


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


@contextlib.contextmanager
def cutting(port: int, *, seed: int, share: float) -> Iterator[Scissors]:
    scissors = Scissors(port, seed=seed, share=share)
    thread = threading.Thread(target=scissors.serve)
    thread.start()
    try:
        yield scissors
    finally:
        scissors.close()
        thread.join()
