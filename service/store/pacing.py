"""Slow threads: how long ago those who write there did so the last time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Connection, String, Table, bindparam, select

from service.store.arrivals import clock
from service.store.comments import LOCK_THREADS
from service.store.db import interval, now
from service.store.models import Author, Comment

COMMENTS, AUTHORS = cast(Table, Comment.__table__), cast(Table, Author.__table__)
RECENT = (
    select(COMMENTS.c.thread_id, AUTHORS.c.identity, COMMENTS.c.address_hash, COMMENTS.c.created_at)
    .outerjoin(AUTHORS, AUTHORS.c.id == COMMENTS.c.author_id)
    .where(
        COMMENTS.c.thread_id.in_(bindparam("threads", expanding=True)),
        COMMENTS.c.created_at > now(bindparam("since", type_=String())),
    )
)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody wants to write in a slow thread."""

    id: UUID
    thread_id: UUID
    seconds: int  # from one comment to the next
    identity: str | None
    address_hash: str | None

    def names(self) -> list[tuple[UUID, str]]:
        return [(self.thread_id, name) for name in (self.identity, self.address_hash) if name]


def waits(connection: Connection, turns: Sequence[Turn]) -> dict[UUID, int]:
    """For those who wrote too short a time ago, after how many seconds they may again.

    Posts to other threads cost nothing here. The threads are held, or two posts of one reader
    that come at the same time would not know of each other.
    """
    if not turns:
        return {}
    connection.execute(LOCK_THREADS, {"ids": sorted({turn.thread_id for turn in turns})}).all()
    longest = interval(-max(turn.seconds for turn in turns))
    asked = {"threads": sorted({turn.thread_id for turn in turns}), "since": longest}
    last: dict[tuple[UUID, str], datetime] = {}
    present = clock(connection)
    for thread_id, *names, at in connection.execute(RECENT, asked):
        # What was written before the clock was set back keeps nobody waiting until it has passed.
        for name in filter(None, names if at <= present else ()):
            last[thread_id, name] = max(at, last.get((thread_id, name), at))
    found: dict[UUID, int] = {}
    for turn in turns:
        free = [
            last[name] + timedelta(seconds=turn.seconds) for name in turn.names() if name in last
        ]
        if free and max(free) > present:
            found[turn.id] = math.ceil((max(free) - present).total_seconds())
        else:
            last |= dict.fromkeys(turn.names(), present)
    return found
