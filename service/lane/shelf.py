"""Where the lane keeps its entries: bounded in bytes, least recently used first out."""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from service.lane.entry import Entry

Environ = Mapping[str, Any]
Name = tuple[Any, ...]


@dataclass(slots=True)
class _Url:
    """The request headers by which a URL's answers vary, as WSGI calls them, and their names."""

    vary: tuple[str, ...] = ()
    names: set[Name] = field(default_factory=set)


class Shelf:
    """Finding is a few dictionary look-ups without a lock; changes take the lock."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._entries: OrderedDict[Name, Entry] = OrderedDict()
        self._sizes: dict[Name, int] = {}
        self._urls: dict[Name, _Url] = {}
        self._by_key: defaultdict[str, set[Name]] = defaultdict(set)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def name(self, environ: Environ) -> Name:
        """What the request asks for, as far as is known."""
        url = _url(environ)
        known = self._urls.get(url)
        return (url, *map(environ.get, known.vary)) if known is not None else (url,)

    def find(self, name: Name) -> Entry | None:
        entry = self._entries.get(name)
        if entry is not None:
            with suppress(KeyError):  # thrown out just now, and still good
                self._entries.move_to_end(name)
        return entry

    def put(self, environ: Environ, entry: Entry, *, vary: tuple[str, ...]) -> None:
        url = _url(environ)
        with self._lock:
            if url not in self._urls or self._urls[url].vary != vary:
                self._drop_all(url)
                self._urls[url] = _Url(vary)
            name = (url, *map(environ.get, vary))
            self._drop(name)
            self._urls.setdefault(url, _Url(vary)).names.add(name)
            self._entries[name] = entry
            for key in entry.keys:
                self._by_key[key].add(name)
            self._weigh(name, entry)

    def weigh(self, name: Name, entry: Entry) -> None:
        """To be told when an entry got another encoding."""
        with self._lock:
            if self._entries.get(name) is entry:
                self._weigh(name, entry)

    def drop(self, name: Name) -> None:
        with self._lock:
            self._drop(name)

    def dependent(self, keys: Iterable[str]) -> list[Entry]:
        """All that depend on any of these keys."""
        with self._lock:
            names = {name for key in keys for name in self._by_key.get(key, ())}
            return [self._entries[name] for name in names]

    def all(self) -> list[Entry]:
        with self._lock:
            return list(self._entries.values())

    def _weigh(self, name: Name, entry: Entry) -> None:
        size = entry.size + len(repr(name))
        self.bytes += size - self._sizes.get(name, 0)
        self._sizes[name] = size
        while self.bytes > self.most_bytes:
            self._forget(*self._entries.popitem(last=False))

    def _drop_all(self, url: Name) -> None:
        for name in list(self._urls[url].names) if url in self._urls else ():
            self._drop(name)

    def _drop(self, name: Name) -> None:
        entry = self._entries.pop(name, None)
        if entry is not None:
            self._forget(name, entry)

    def _forget(self, name: Name, entry: Entry) -> None:
        self.bytes -= self._sizes.pop(name)
        url = self._urls[name[0]]
        url.names.discard(name)
        if not url.names:
            del self._urls[name[0]]
        for key in entry.keys:
            names = self._by_key[key]
            names.discard(name)
            if not names:
                del self._by_key[key]


def _url(environ: Environ) -> Name:
    # A host may be part of an answer; one that is not ours is refused by the application each time.
    return (environ.get("HTTP_HOST"), environ["PATH_INFO"], environ.get("QUERY_STRING"))
