"""Bodies of requests: read before a place is taken, so many and so much at a time.

The server's stream blocks without a limit, and nothing in the process can stop waiting for it: the
doorkeeper ends the connection of who sends too slowly, and sooner while bodies are crowded. Of a
body that breaks off it gives what had come, without a word: announced lengths are counted.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from typing import Any

MOST_READ = 32  # at the same time, each in a thread
MOST_BYTES_TOGETHER = 16 * 1024 * 1024
PART = 64 * 1024  # bytes; most comments are a twentieth of it


class Unread(Enum):
    """Why there is no body."""

    CROWDED = "crowded"
    BROKEN_OFF = "broken off"


class Bodies:
    def __init__(self, *, most_bytes: int, most_read: int = MOST_READ) -> None:
        self._most_bytes = most_bytes
        self._most_read = most_read
        self._reading = 0
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def are_crowded(self) -> bool:
        return self._reading >= self._most_read

    @contextmanager
    def read(self, environ: Mapping[str, Any]) -> Iterator[bytes | Unread]:
        """What was sent; no more of it than anybody takes, and nothing of what is said to be more.

        It counts as long as this lasts.
        """
        said = environ.get("CONTENT_LENGTH", "")
        length = int(said) if said.isdecimal() else None
        if length is not None and length > self._most_bytes:
            yield b""  # whoever asks for it sees the length
            return
        parts: list[bytes] = []
        with self._lock:
            is_one_more = self._reading < self._most_read
            self._reading += is_one_more
        try:
            if not is_one_more or not self._collect(parts, environ["wsgi.input"], length):
                yield Unread.CROWDED
                return
        finally:
            with self._lock:
                self._reading -= is_one_more
        try:
            body = b"".join(parts)
            yield body if length is None or len(body) >= length else Unread.BROKEN_OFF
        finally:
            self._let_go(parts)

    def _collect(self, parts: list[bytes], stream: Any, length: int | None) -> bool:
        """False when there was no room for it."""
        missing = self._most_bytes + 1 if length is None else length
        while missing > 0 and (part := stream.read(min(missing, PART))):
            with self._lock:
                fits = self._bytes + len(part) <= MOST_BYTES_TOGETHER
                self._bytes += len(part) * fits
            if not fits:
                self._let_go(parts)
                return False
            parts.append(part)
            missing -= len(part)
        return True

    def _let_go(self, parts: list[bytes]) -> None:
        with self._lock:
            self._bytes -= sum(map(len, parts))
