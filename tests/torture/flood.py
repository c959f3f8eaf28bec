"""Posts as fast as answers come, on many connections, in one thread; nobody heeds Retry-After."""

import json
import random
import re
import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.e2e.running import SITE
from tests.factories import a_text
from tests.torture.ledger import digest

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
RETRY = re.compile(rb"\r\nretry-after: ([1-9]\d*)\r\n", re.IGNORECASE)


@dataclass
class Flood:
    """What was answered. A connection that ended counts as an answer without status."""

    port: int
    page: str
    seed: int
    accepted: dict[str, str] = field(default_factory=dict)  # a comment's id: the text's digest
    statuses: Counter[str] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def run(self, connections: int) -> None:
        chance = random.Random(self.seed)
        with selectors.DefaultSelector() as selector:
            for _ in range(connections):
                self._connect(selector, chance)
            while not self.enough.is_set():
                for key, _ in selector.select(timeout=0.1):
                    key.data.receive(self, selector, chance)
            self._collect(selector, chance)

    def _collect(self, selector: selectors.BaseSelector, chance: random.Random) -> None:
        """The answers that are still to come."""
        until = time.monotonic() + 30
        while selector.get_map() and time.monotonic() < until:
            for key, _ in selector.select(timeout=0.1):
                key.data.receive(self, selector, chance)
        for key in list(selector.get_map().values()):
            self.statuses["late"] += 1
            key.data.socket.close()

    def _connect(self, selector: selectors.BaseSelector, chance: random.Random) -> None:
        connection = Connection(socket.create_connection(("127.0.0.1", self.port), 30))
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.post(self, chance)

    def took(self, status: str, head: bytes, body: bytes, text: str) -> None:
        self.statuses[status] += 1
        if status == "202":
            self.accepted[json.loads(body)["id"]] = digest(text)
        elif status not in ("429", "503") or not RETRY.search(head):
            self.strange.append(f"{status}: {(head + body)[:300]!r}")


@dataclass(eq=False)
class Connection:
    socket: socket.socket
    text: str = ""
    buffer: bytes = b""

    def post(self, flood: Flood, chance: random.Random) -> None:
        self.text = a_text(chance.getrandbits(48))
        new = {"site": SITE, "page": flood.page, "body": self.text, "author": {"name": "Ann"}}
        body = json.dumps(new).encode()
        head = f"Host: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        self.socket.sendall(f"POST /v1/comments HTTP/1.1\r\n{head}\r\n\r\n".encode() + body)

    def receive(
        self, flood: Flood, selector: selectors.BaseSelector, chance: random.Random
    ) -> None:
        try:
            data = self.socket.recv(65_536)
        except OSError:
            data = b""
        if not data:
            flood.statuses["ended"] += 1
            self._leave(selector)
            if not flood.enough.is_set():
                flood._connect(selector, chance)
            return
        self.buffer += data
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        length = LENGTH.search(head + b"\r\n")
        if not separator or len(body) < int(length[1] if length else 0):
            return
        self.buffer = b""
        flood.took(head[9:12].decode(), head + b"\r\n", body, self.text)
        if flood.enough.is_set():
            self._leave(selector)
        else:
            self.post(flood, chance)

    def _leave(self, selector: selectors.BaseSelector) -> None:
        selector.unregister(self.socket)
        self.socket.close()


@contextmanager
def flooding(flood: Flood, connections: int) -> Iterator[Flood]:
    """Meanwhile they post; when this ends, all that was sent is answered."""
    thread = threading.Thread(target=flood.run, args=(connections,))
    thread.start()
    try:
        yield flood
    finally:
        flood.enough.set()
        thread.join()
