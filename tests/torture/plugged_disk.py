"""A disk that keeps in mind what was written to it and synced, to pull its plug at any moment.

What SQLite syncs is on the disk, along with the name of a new file, whose folder it syncs, too. Of
what was written since, some sectors may be there, in whatever order, or none.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512


@dataclass(frozen=True)
class Write:
    file: str
    offset: int
    data: bytes

    def sectors(self) -> Iterator["Write"]:
        start = 0
        while start < len(self.data):
            end = start + SECTOR - (self.offset + start) % SECTOR
            yield Write(self.file, self.offset + start, self.data[start:end])
            start = end


@dataclass(frozen=True)
class Truncate:
    file: str
    size: int


@dataclass(frozen=True)
class Sync:
    file: str


@dataclass(frozen=True)
class Delete:
    file: str


@dataclass(frozen=True)
class Answer:
    """Somebody was told that this was done: it has to be there from now on."""

    what: Any


Event = Write | Truncate | Sync | Delete | Answer


class PluggedDisk(apsw.VFS):
    """What it is told goes on to the real disk, but for syncing, which would only take time."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "")
        self.name = name
        self.events: list[Event] = []

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return _File(self, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:
        self.events.append(Delete(Path(name).name))
        super().xDelete(name, sync)


class _File(apsw.VFSFile):
    def __init__(self, disk: PluggedDisk, name: Any, flags: list[int]) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self._name = Path(path).name
        self._events = disk.events
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._events.append(Write(self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        self._events.append(Truncate(self._name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        self._events.append(Sync(self._name))


@dataclass
class Platter:
    """The files as of one moment: what is safe, and what was written since."""

    safe: dict[str, bytearray]
    pending: dict[str, list[Write | Truncate]] = field(default_factory=dict)

    def take(self, event: Event) -> bool:
        """Whether what is safe changed."""
        if isinstance(event, Write | Truncate):
            self.pending.setdefault(event.file, []).append(event)
        elif isinstance(event, Delete):
            self.pending.pop(event.file, None)
            return self.safe.pop(event.file, None) is not None
        elif isinstance(event, Sync):
            waiting = self.pending.pop(event.file, [])
            content = self.safe.setdefault(event.file, bytearray())
            for one in waiting:
                _apply(content, one)
            return bool(waiting)
        return False

    def without_power(self) -> dict[str, bytes]:
        """Nothing that was not synced arrived."""
        return {name: bytes(content) for name, content in self.safe.items()}

    def shuffled(self, chance: random.Random) -> dict[str, bytes]:
        """Some sectors of what was not synced arrived, in any order."""
        found = {name: bytearray(content) for name, content in self.safe.items()}
        for name, waiting in self.pending.items():
            parts = [part for one in waiting for part in _parts(one)]
            chosen = [part for part in parts if chance.random() < 0.5]
            chance.shuffle(chosen)
            if chosen or name in found:
                content = found.setdefault(name, bytearray())
                for part in chosen:
                    _apply(content, part)
        return {name: bytes(content) for name, content in found.items()}


def _parts(one: Write | Truncate) -> Iterator[Write | Truncate]:
    if isinstance(one, Write):
        yield from one.sectors()
    else:
        yield one


def _apply(content: bytearray, one: Write | Truncate) -> None:
    if isinstance(one, Truncate):
        del content[one.size :]
        return
    if len(content) < one.offset:
        content.extend(bytes(one.offset - len(content)))
    content[one.offset : one.offset + len(one.data)] = one.data
