"""The load generator: keep-alive connections over plain sockets, one thread each.

It costs about 0.1 ms of its own core for each post, the writing of the text included (measured
against a server that answers at once), so that at 1,000 posts a second it is a tenth busy and never
the bottleneck. Reads of tens of thousands a second need another generator: wrk.py.
"""

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from benchmarks.texts import Draft, Writer, http_request

SECONDS_TO_ANSWER = 30


@dataclass(frozen=True, slots=True)
class Posted:
    """A comment that was accepted."""

    id: UUID
    edit_token: str
    digest: str
    sent_at: float  # time.perf_counter()
    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    head: bytes  # in small letters
    content: bytes

    def header(self, name: str) -> str:
        found = self.head.partition(f"\r\n{name}: ".encode())[2]
        return found.partition(b"\r\n")[0].decode()


class Connection:
    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), SECONDS_TO_ANSWER)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        self._socket.close()

    def exchange(self, request: bytes) -> Reply:
        """An answer, which must say its length unless it has none."""
        self._socket.sendall(request)
        data = self._receive()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._receive()
        head = data[: end + 2].lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        parts, missing = [data[end + 4 :]], length - (len(data) - end - 4)
        status = int(head[9:12])
        while missing > 0 and status != 304:
            parts.append(self._receive())
            missing -= len(parts[-1])
        return Reply(status, head, b"".join(parts))

    def get(self, path: str, **headers: str) -> Reply:
        lines = (f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        return self.exchange(http_request("GET", path, "".join(lines)))

    def post(self, draft: Draft) -> Posted:
        sent_at = time.perf_counter()
        reply = self.exchange(draft.request)
        seconds = time.perf_counter() - sent_at
        if reply.status != 202:
            raise RuntimeError(f"A post was answered {reply.status}: {reply.content.decode()}")
        receipt = json.loads(reply.content)
        return Posted(UUID(receipt["id"]), receipt["edit_token"], draft.digest, sent_at, seconds)

    def state(self, posted: Posted) -> str:
        """The state of a comment, as its author is told."""
        reply = self.get(f"/v1/comments/{posted.id}", Authorization=f"Edit {posted.edit_token}")
        if reply.status != 200:
            raise RuntimeError(f"A comment could not be read: {reply.status}")
        return str(json.loads(reply.content)["state"])

    def _receive(self) -> bytes:
        data = self._socket.recv(65_536)
        if not data:
            raise ConnectionError("The server hung up.")
        return data


def post_for(
    seconds: float, *, port: int, seed: str, connections: int = 1, every: float = 0.0
) -> list[Posted]:
    """Post over so many connections, each `every` so many seconds or as fast as answers come."""
    taken: list[Posted] = []
    failures: list[Exception] = []

    def client(number: int) -> None:
        try:
            taken.extend(_client(port, Writer(f"{seed} {number}"), seconds=seconds, every=every))
        except Exception as error:
            failures.append(error)

    _in_threads(client, connections)
    if failures:
        raise failures[0]
    return taken


def _client(port: int, writer: Writer, *, seconds: float, every: float) -> list[Posted]:
    connection = Connection(port)
    began = time.perf_counter()
    taken = []
    try:
        while (now := time.perf_counter()) < began + seconds:
            taken.append(connection.post(writer.draft()))
            time.sleep(max(0.0, now + every - time.perf_counter()))
    finally:
        connection.close()
    return taken


def post_until_broken(port: int, seed: str, taken: list[Posted]) -> None:
    """Post on one connection until the server is gone; `taken` gets whatever was accepted."""
    writer = Writer(seed)
    with suppress(OSError):
        connection = Connection(port)
        while True:
            taken.append(connection.post(writer.draft()))


def _in_threads(work: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
