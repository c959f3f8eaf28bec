"""A WSGI layer that refuses at once what could not be worked on soon.

It knows HTTP and nothing of comments. Beyond what is worked on at the same time, requests wait in
a room of limited size for a limited time; some places are only for those that change nothing, so
that however much is posted, reading goes on.
"""

import itertools
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from service.gate.bodies import Bodies, Unread

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
WAITING_ROOM = 40  # requests that may wait for a place, each in a thread
SPARE_THREADS = 8  # for those who are answered without a place
PATIENCE = 2.0  # seconds for a place
FOR_READING = 4  # every fourth place, and every fourth in the room
RETRY_SECONDS = (1, 2, 3, 4)  # in turn, so that not all come back at the same moment
ORIGINS = 500  # that were let read answers lately
GRANT = "Access-Control-Allow-Origin"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer made beforehand: refusing must cost next to nothing."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Gate:
    def __init__(
        self,
        application: WSGIApplication,
        *,
        places: int,
        bodies: Bodies,
        busy: Refusal,
        room: int = WAITING_ROOM,
        patience: float = PATIENCE,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._application = application
        self._bodies = bodies
        self._busy = busy
        self._patience = patience
        self._places = threading.Semaphore(places)
        self._of_writers = threading.Semaphore(max(1, places - max(1, places // FOR_READING)))
        self._most_inside = places + room
        self._most_writers = self._most_inside - room // FOR_READING
        self._inside = 0
        self._lock = threading.Lock()
        self._origins: OrderedDict[str, None] = OrderedDict()
        self._retry_seconds = itertools.cycle(RETRY_SECONDS)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_safe = environ["REQUEST_METHOD"] in SAFE
        with self._in_the_room(self._most_inside if is_safe else self._most_writers) as is_inside:
            if not is_inside:
                return self._refuse(environ, start_response)
            if is_safe:
                environ |= {"wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}  # nobody asks for it
                return self._work((self._places,), environ, start_response)
            return self._write(environ, start_response)

    @contextmanager
    def _in_the_room(self, most: int) -> Iterator[bool]:
        with self._lock:
            is_inside = self._inside < most
            self._inside += is_inside
        try:
            yield is_inside
        finally:
            with self._lock:
                self._inside -= is_inside

    def _write(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._bodies.read(environ) as body:
            if body is Unread.CROWDED:
                return self._refuse(environ, start_response)
            if body is Unread.BROKEN_OFF:
                self.counts["broken-off"] += 1
                start_response("408 Request Timeout", [("Connection", "close")])
                return []  # whom it was meant for is gone
            environ["wsgi.input"] = BytesIO(body)
            return self._work((self._of_writers, self._places), environ, start_response)

    def _work(
        self,
        places: tuple[threading.Semaphore, ...],
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        taken: list[threading.Semaphore] = []
        try:
            for place in places:
                if not place.acquire(timeout=self._patience):
                    return self._refuse(environ, start_response)
                taken.append(place)
            return self._application(environ, self._noting_origins(environ, start_response))
        finally:
            for place in taken:
                place.release()

    def _noting_origins(
        self, environ: Mapping[str, Any], start_response: StartResponse
    ) -> StartResponse:
        """A page that may read answers may also read refusals, about which nobody is asked."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is None or origin in self._origins:
            return start_response

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            if any(name.lower() == GRANT.lower() and value == origin for name, value in headers):
                with self._lock:
                    self._origins[origin] = None
                    if len(self._origins) > ORIGINS:
                        self._origins.popitem(last=False)
            return start_response(status, headers, *error)

        return start

    def _refuse(self, environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        self.counts["busy"] += 1
        headers = [*self._busy.headers, ("Retry-After", str(next(self._retry_seconds)))]
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and origin in self._origins:
            headers += [(GRANT, origin), ("Access-Control-Expose-Headers", "Retry-After")]
        start_response(self._busy.status, headers)
        return [self._busy.body] if environ["REQUEST_METHOD"] != "HEAD" else []
