"""Raids: where one is on or was.

A site's raid is at the place of its id, a thread's at that of the thread's.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Uuid,
    bindparam,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.ids import new_id
from service.domain.raids import BY_ITSELF, RaidPolicy, Wave, in_words
from service.store import audit
from service.store.audit import Entry, Kind
from service.store.claims import Claimed
from service.store.db import AnyRow, Base, UtcTime, now, upserts
from service.store.models import Site, Thread, clock, key


class Raid(Base):
    """For as long as one is on, a person sees every comment in that place before readers do.

    Without `comments` a moderator said so. `seen_at` is when the line was last crossed.
    """

    __tablename__ = "raids"
    id: Mapped[UUID] = key()
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    thread_id: Mapped[UUID | None] = mapped_column(ForeignKey("threads.id"))
    place_id: Mapped[UUID] = mapped_column(Uuid)
    minutes: Mapped[int | None]
    comments: Mapped[int | None]
    newcomers: Mapped[int | None]
    by: Mapped[str] = mapped_column(String(254))
    started_at: Mapped[datetime] = clock()
    seen_at: Mapped[datetime] = clock()
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_by: Mapped[str | None] = mapped_column(String(254))

    def reason(self) -> str:
        is_own = self.comments is None
        wave = None if is_own else Wave(self.comments or 0, self.newcomers or 0)
        return in_words(wave, self.minutes or 0)

    def was_on(self, at: datetime) -> bool:
        return self.started_at <= at and (self.ended_at is None or self.ended_at > at)


IS_ON = Raid.ended_at.is_(None)
Index("uq_raids_place_id", Raid.place_id, unique=True, sqlite_where=IS_ON, postgresql_where=IS_ON)
Index("ix_raids_site_id_started_at", Raid.site_id, Raid.started_at)

RAIDS = cast(Table, Raid.__table__)
BEGIN = {
    name: insert.on_conflict_do_nothing().returning(RAIDS.c.id)
    for name, insert in upserts(RAIDS).items()
}
ANY = select(RAIDS.c.id).where(RAIDS.c.ended_at.is_(None)).limit(1)
ON_SITE = select(RAIDS.c.id).where(
    RAIDS.c.place_id == bindparam("site_id"), RAIDS.c.ended_at.is_(None)
)


def begin(
    session: Session,
    *,
    site_id: UUID,
    thread_id: UUID | None,
    by: str,
    wave: Wave | None = None,
    minutes: int | None = None,
) -> UUID | None:
    """None where one is on already."""
    values = {
        "id": new_id(),
        "site_id": site_id,
        "thread_id": thread_id,
        "place_id": thread_id or site_id,
        "minutes": minutes,
        "comments": wave and wave.comments,
        "newcomers": wave and wave.newcomers,
        "by": by,
        "started_at": now(),
        "seen_at": now(),
    }
    connection = session.connection()
    statement = BEGIN[connection.dialect.name].values(values)
    begun = connection.execute(statement).scalar_one_or_none()
    if begun is not None:
        found = {"comments": values["comments"], "newcomers": values["newcomers"]}
        details = {"raid": begun, "minutes": minutes, **found}
        _note(session, "raid began", site_id, thread_id, by=by, details=details)
    return begun


def _note(
    session: Session,
    action: str,
    site_id: UUID,
    thread_id: UUID | None,
    *,
    by: str,
    details: Mapping[str, Any],
) -> None:
    kind = Kind.THREAD if thread_id else Kind.SITE
    subject = thread_id or site_id
    audit.note(
        session,
        Entry(kind=kind, action=action, by=by, site_id=site_id, subject=subject, details=details),
    )


def see(session: Session, raid_ids: Collection[UUID]) -> None:
    """The line is still crossed there."""
    session.execute(update(Raid).where(Raid.id.in_(raid_ids)).values(seen_at=now()))


def end(session: Session, raid_id: UUID, *, by: str | None) -> Raid | None:
    """By nobody when it was calm for long enough. None if it had ended."""
    ending = update(Raid).where(Raid.id == raid_id, IS_ON).values(ended_at=now(), ended_by=by)
    ended = session.scalars(ending.returning(Raid)).one_or_none()
    if ended is not None:
        details = {"raid": raid_id}
        _note(
            session,
            "raid ended",
            ended.site_id,
            ended.thread_id,
            by=by or BY_ITSELF,
            details=details,
        )
    return ended


def late(session: Session, rows: Sequence[Claimed]) -> dict[UUID, str]:
    """Of revisions whose facts were gathered before, which come to a raid now, each with why."""
    if not rows or session.connection().execute(ANY).first() is None:  # nearly always
        return {}
    query = select(Raid).where(IS_ON, Raid.site_id.in_({row.site_id for row in rows}))
    on_now = {raid.place_id: raid.reason() for raid in session.scalars(query)}
    found = {row.id: on_now.get(row.thread_id) or on_now.get(row.site_id) for row in rows}
    return {revision_id: reason for revision_id, reason in found.items() if reason}


def is_on_site(connection: Connection, site_id: UUID) -> bool:
    return connection.execute(ON_SITE, {"site_id": site_id}).first() is not None


def at(session: Session, place_id: UUID) -> Raid | None:
    return session.scalars(select(Raid).where(Raid.place_id == place_id, IS_ON)).one_or_none()


def on(session: Session, sites: Collection[UUID] | None) -> Sequence[AnyRow]:
    """What is on now, with site and thread, the newest first. None: on any site."""
    query = (
        select(Raid, Site.key.label("site"), Site.name, Thread.title, Thread.page)
        .join(Site, Site.id == Raid.site_id)
        .outerjoin(Thread, Thread.id == Raid.thread_id)
        .where(IS_ON)
        .order_by(Raid.id.desc())
    )
    return session.execute(query if sites is None else query.where(Raid.site_id.in_(sites))).all()


def site_of(session: Session, raid_id: UUID) -> UUID | None:
    return session.scalar(select(Raid.site_id).where(Raid.id == raid_id))


def of_site(session: Session, site_id: UUID) -> Sequence[Raid]:
    return session.scalars(select(Raid).where(Raid.site_id == site_id, IS_ON)).all()


def calm(session: Session, site_id: UUID, *, minutes: int) -> set[UUID]:
    """Those that are on though the line was not crossed for so long, but for moderators' own."""
    query = select(Raid.id).where(
        Raid.site_id == site_id,
        IS_ON,
        Raid.comments.is_not(None),
        Raid.seen_at < now(-60 * minutes),
    )
    return set(session.scalars(query))


def left_alone(session: Session, site_id: UUID, *, minutes: int) -> set[UUID]:
    """Places where one is on, or where a moderator ended one a short while ago."""
    query = select(Raid.place_id).where(
        Raid.site_id == site_id,
        IS_ON | ((Raid.ended_at > now(-60 * minutes)) & Raid.ended_by.is_not(None)),
    )
    return set(session.scalars(query))


def during(
    session: Session, site_id: UUID, *, first: datetime, last: datetime
) -> Mapping[UUID, Sequence[Raid]]:
    """By place, what was on at some time from the first to the last."""
    found: dict[UUID, list[Raid]] = defaultdict(list)
    query = select(Raid).where(
        Raid.site_id == site_id,
        Raid.started_at <= last,
        IS_ON | (Raid.ended_at > first),
    )
    for raid in session.scalars(query):
        found[raid.place_id].append(raid)
    return found


def around(
    session: Session, batch: Sequence[Claimed], policy: RaidPolicy, *, of_then: bool = False
) -> dict[UUID, str]:
    """Which revisions of ONE site come to a raid, each with why; of then: when they were sent.

    Where the policy looks for none, only moderators' own count.
    """
    site_id = batch[0].site_id
    times = [row.created_at for row in batch]
    known: Mapping[UUID, Sequence[Raid]] = (
        during(session, site_id, first=min(times), last=max(times))
        if of_then
        else {raid.place_id: [raid] for raid in of_site(session, site_id)}
    )
    found: dict[UUID, str] = {}
    for row in batch if known else ():
        for raid in (*known.get(row.thread_id, ()), *known.get(site_id, ())):
            is_meant = policy.window_minutes > 0 or raid.comments is None
            if is_meant and (not of_then or raid.was_on(row.created_at)):
                found.setdefault(row.id, raid.reason())
    return found
