"""Network addresses on which moderators decided, and whether a post comes from one of them.

Addresses are kept only as hashes whose key changes daily, so what was decided on one day's hash
says nothing of the next day's. But while somebody posts, their address is known: it is hashed with
the key of that day as well, and where the hashes agree, today's is noted beside the old one. Only
addresses on which a decision is in force are followed so from day to day, and no longer than that.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Engine, Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from service.domain.ids import address_hash
from service.store.db import now, upserts
from service.store.standing_tables import WatchedAddress

REMEMBERED_SECONDS = 1.0
CACHED_SITES = 200

ADDRESSES = cast(Table, WatchedAddress.__table__)
NOTE = {name: insert.on_conflict_do_nothing() for name, insert in upserts(ADDRESSES).items()}
IN_FORCE = select(
    ADDRESSES.c.address_hash, ADDRESSES.c.day, ADDRESSES.c.subject, ADDRESSES.c.until
).where(
    ADDRESSES.c.site_id == bindparam("site"),
    ADDRESSES.c.day.is_not(None),
    ADDRESSES.c.until > now(),
)


@dataclass(frozen=True, slots=True)
class Watched:
    address_hash: str
    day: date
    subject: str
    until: datetime


_remembered: dict[tuple[Engine, UUID], tuple[float, tuple[Watched, ...]]] = {}


def remembered(engine: Engine, site_id: UUID) -> tuple[Watched, ...]:
    """A site's addresses, as old as REMEMBERED_SECONDS, so that posts need not ask each time."""
    until, watched = _remembered.get((engine, site_id), (0.0, ()))
    if time.monotonic() < until:
        return watched
    with engine.connect() as connection:
        rows = connection.execute(IN_FORCE, {"site": site_id}).all()
    watched = tuple(Watched(*row) for row in rows)
    if len(_remembered) >= CACHED_SITES:
        _remembered.clear()
    _remembered[engine, site_id] = time.monotonic() + REMEMBERED_SECONDS, watched
    return watched


def ask_anew() -> None:
    """After the commit of a change in this process; others notice within REMEMBERED_SECONDS."""
    _remembered.clear()


def matching(addresses: Sequence[Watched], *, secret: str, address: str) -> list[Watched]:
    """Those that are this address, which is known only while somebody posts."""
    hashes = {day: address_hash(secret, address, day) for day in {known.day for known in addresses}}
    return [known for known in addresses if hashes[known.day] == known.address_hash]


def subject_of(session: Session, site_id: UUID, hashed: str) -> str | None:
    """By what an address is called on which somebody has decided before."""
    return session.scalars(
        select(WatchedAddress.subject)
        .where(WatchedAddress.site_id == site_id, WatchedAddress.address_hash == hashed)
        .order_by(WatchedAddress.subject)
        .limit(1)
    ).first()


def watch(session: Session, row: dict[str, Any], *, until: datetime) -> None:
    """Keep this hash of an address until then, and all others under the same subject."""
    note(session.connection(), [row | {"until": until}])
    session.execute(
        update(WatchedAddress)
        .where(WatchedAddress.site_id == row["site_id"], WatchedAddress.subject == row["subject"])
        .values(until=until)
    )


def note(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        ordered = sorted(rows, key=lambda row: (row["address_hash"], row["subject"]))
        connection.execute(NOTE[connection.dialect.name], ordered)


def forget(session: Session) -> int:
    """Delete what no decision needs any longer."""
    old = delete(WatchedAddress).where(WatchedAddress.until < now())
    return len(session.execute(old.returning(WatchedAddress.address_hash)).all())
