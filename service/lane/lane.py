"""A WSGI layer that answers from memory what the application declared to be public.

It knows HTTP caching and nothing of comments. What it keeps, for how long and by which request
headers it varies, the application says: `Cache-Control: public, s-maxage=…`, `Vary`, and
`Surrogate-Key` for what the answer depends on. An answer with keys is good until one of them is
purged, as long as somebody vouches that purges arrive (`vouch`); otherwise for its `s-maxage`.
"""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from service.lane.encodings import IDENTITY, chosen
from service.lane.entry import Entry, Headers, entry_of, matches
from service.lane.shelf import Name, Shelf

# For so long after an answer turned out to be old, those who find it being renewed still get it.
GRACE_SECONDS = 1.0
LONGEST_WAIT = 5.0  # for somebody else's renewal; then each asks the application itself
REMEMBERED = 2_000  # purges, and URLs whose answers are for one alone
# A list, as all bodies here: granian sends lists at once, and streams what else it is given.
NOTHING: list[bytes] = []
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_RANGE")


class Lane:
    """`may_renew` is asked before an old answer is renewed: other processes may be at it."""

    def __init__(self, application: WSGIApplication, *, most_bytes: int) -> None:
        self.shelf = Shelf(most_bytes)
        self.counts: Counter[str] = Counter()
        self.may_renew: Callable[[object], bool] = lambda _url: True
        self._application = application
        self._vouched_until = 0.0
        self._purges: OrderedDict[str, float] = OrderedDict()  # key: when
        self._purges_known_since = 0.0
        self._private: OrderedDict[str, None] = OrderedDict()  # paths
        self._renewals: dict[Name, threading.Event] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
            return self._application(environ, start_response)
        name = self.shelf.name(environ)
        entry = self.shelf.find(name)
        if entry is not None and self._is_good(entry):
            self.counts["hit"] += 1
            return self._give(entry, environ, start_response)
        if entry is None and environ["PATH_INFO"] in self._private:
            return self._application(environ, start_response)
        return self._renew(name, entry, environ, start_response)

    def vouch(self, until: float) -> None:
        """All purges up to now have arrived, and will until then (`time.monotonic`)."""
        self._vouched_until = until

    def purge(self, keys: Iterable[str]) -> None:
        """What depends on these keys is old."""
        at = time.monotonic()
        keys = list(keys)
        if not keys:
            return
        with self._lock:
            for key in keys:
                self._purges[key] = at
                self._purges.move_to_end(key)
            while len(self._purges) > REMEMBERED:
                _, self._purges_known_since = self._purges.popitem(last=False)
        self._age(self.shelf.dependent(keys), at)
        self.counts["purge"] += len(keys)

    def purge_all(self) -> None:
        at = self._purges_known_since = time.monotonic()
        self._age(self.shelf.all(), at)

    def _age(self, entries: Sequence[Entry], at: float) -> None:
        for entry in entries:
            if entry.purged_at is None:
                entry.purged_at = at

    def _is_good(self, entry: Entry) -> bool:
        if entry.purged_at is not None:
            return False
        now = time.monotonic()
        return now < entry.expires_at or (now < self._vouched_until and bool(entry.keys))

    def _may_still_be_given(self, entry: Entry) -> bool:
        since = entry.purged_at
        if since is None:
            since = max(entry.expires_at, self._vouched_until if entry.keys else 0.0)
        return time.monotonic() < since + GRACE_SECONDS

    def _renew(
        self, name: Name, old: Entry | None, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """One asks the application; others get what was, or wait if there is nothing."""
        with self._lock:
            others = self._renewals.get(name)
            if others is None:
                mine = self._renewals[name] = threading.Event()
        if others is not None:
            if old is None or not self._may_still_be_given(old):
                others.wait(LONGEST_WAIT)
                return self._give_or_ask(environ, start_response)
            return self._give_old(old, environ, start_response)
        try:
            if old is not None and self._may_still_be_given(old) and not self.may_renew(name[0]):
                return self._give_old(old, environ, start_response)
            return self._give_or_ask(environ, start_response)
        finally:
            del self._renewals[name]
            mine.set()

    def _give_or_ask(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Looks again first: while this request came here, another may have renewed it."""
        name = self.shelf.name(environ)
        entry = self.shelf.find(name)
        if entry is not None and self._is_good(entry):
            self.counts["hit"] += 1
            return self._give(entry, environ, start_response)
        return self._ask(entry, environ, start_response)

    def _give_old(
        self, entry: Entry, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        self.counts["stale"] += 1
        return self._give(entry, environ, start_response)

    def _give(
        self, entry: Entry, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        encoding = chosen(environ.get("HTTP_ACCEPT_ENCODING")) if entry.compressible else IDENTITY
        answer = entry.answers.get(encoding)
        if answer is None:
            answer = entry.encode(encoding)
            self.shelf.weigh(self.shelf.name(environ), entry)
        held = environ.get("HTTP_IF_NONE_MATCH")
        if held is not None and matches(held, answer.etag):
            start_response("304 NOT MODIFIED", answer.headers_304)
            return NOTHING
        start_response("200 OK", answer.headers)
        return answer.body if environ["REQUEST_METHOD"] == "GET" else NOTHING

    def _ask(
        self, old: Entry | None, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        began = time.monotonic()
        status, headers, content = self._run(environ)
        lifetime = _shared_lifetime(status, headers)
        if lifetime is None:
            if status.startswith("2"):
                self._remember_private(environ["PATH_INFO"])
            if old is not None and not status.startswith("5"):
                self.shelf.drop(self.shelf.name(environ))
            start_response(status, headers)
            return [content] if environ["REQUEST_METHOD"] == "GET" else NOTHING
        entry = entry_of(
            headers,
            content,
            chosen(environ.get("HTTP_ACCEPT_ENCODING")),
            expires_at=began + lifetime,
        )
        # In this order: a purge that comes between the two finds the entry on the shelf.
        self.shelf.put(environ, entry, vary=_varied(headers))
        self._notice_purges(entry, began)
        self.counts["miss" if old is None else "renewal"] += 1
        return self._give(entry, environ, start_response)

    def _notice_purges(self, entry: Entry, began: float) -> None:
        """What was purged while the application read it may be old already."""
        with self._lock:
            times = [self._purges.get(key, 0.0) for key in entry.keys]
            newest = max([self._purges_known_since, *times])
        if newest >= began:
            entry.purged_at = newest

    def _remember_private(self, path: str) -> None:
        """There is no point in making requests for it wait for each other."""
        with self._lock:
            self._private[path] = None
            while len(self._private) > REMEMBERED:
                self._private.popitem(last=False)

    def _run(self, environ: WSGIEnvironment) -> tuple[str, Headers, bytes]:
        """The application's whole answer, as if this client had nothing yet."""
        asked = {key: value for key, value in environ.items() if key not in CONDITIONS}
        asked["REQUEST_METHOD"] = "GET"
        started: list[Any] = []

        def start(status: str, headers: Headers, error: Any = None, /) -> Any:  # noqa: ARG001
            started[:] = status, headers

        chunks = self._application(asked, start)
        try:
            content = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        return started[0], started[1], content


def _shared_lifetime(status: str, headers: Headers) -> float | None:
    """For how many seconds everybody may get this answer; None if it is for one alone."""
    values = {name.lower(): value for name, value in headers}
    directives = dict(
        part.strip().lower().partition("=")[::2]
        for part in values.get("cache-control", "").split(",")
    )
    is_public = "public" in directives and not {"private", "no-store", "no-cache"} & set(directives)
    seconds = directives.get("s-maxage", "")
    if not (status.startswith("200") and is_public and seconds.isdecimal() and "etag" in values):
        return None
    if "set-cookie" in values or values.get("vary") == "*" or "content-encoding" in values:
        return None
    return float(seconds)


def _varied(headers: Headers) -> tuple[str, ...]:
    """The request headers by which the answer varies, as WSGI calls them; encodings are ours."""
    names = {
        part.strip().upper().replace("-", "_")
        for name, value in headers
        if name.lower() == "vary"
        for part in value.split(",")
    }
    return tuple(sorted(f"HTTP_{name}" for name in names - {"ACCEPT_ENCODING", "AUTHORIZATION"}))
