"""The conversations under articles, found or opened by their pages."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, select, tuple_, update
from sqlalchemy.orm import Session

from service.domain.ids import new_id
from service.store import audit, changes
from service.store.audit import Entry, Kind
from service.store.db import now, upserts
from service.store.models import Thread

THREADS = cast(Table, Thread.__table__)
# Made once, as all statements that every post runs: making one anew costs more than running it.
OF_PAGES = select(
    THREADS.c.site_id, THREADS.c.page, THREADS.c.id, THREADS.c.mode, THREADS.c.slow_seconds,
    THREADS.c.created_at, now(),
).where(
    tuple_(THREADS.c.site_id, THREADS.c.page).in_(bindparam("pages", expanding=True))
)  # fmt: skip
OPEN = {name: insert.on_conflict_do_nothing() for name, insert in upserts(THREADS).items()}

Page = tuple[UUID, str]  # a site and what it calls the article


@dataclass(frozen=True, slots=True)
class Found:
    id: UUID
    mode: str | None  # None: as the site's policy says
    slow_seconds: int  # between two comments of one reader; 0: as they like
    age: timedelta


@dataclass(frozen=True, slots=True)
class Opening:
    """A page whose thread is to be there. Title and URL count only if it is not there yet."""

    site_id: UUID
    page: str
    title: str | None = None
    url: str | None = None


def of_pages(connection: Connection, pages: Collection[Page]) -> dict[Page, Found]:
    """The threads that there are."""
    rows = connection.execute(OF_PAGES, {"pages": sorted(pages)}).all()
    return {
        (site, page): Found(thread_id, mode, slow_seconds, clock - created_at)
        for site, page, thread_id, mode, slow_seconds, created_at, clock in rows
    }


def opened(
    connection: Connection, openings: Iterable[Opening], *, known: Mapping[Page, Found]
) -> dict[Page, Found]:
    """The threads of all these pages, made where they are not among the known ones."""
    missing: dict[Page, Opening] = {}
    for one in openings:
        if (one.site_id, one.page) not in known:
            missing.setdefault((one.site_id, one.page), one)
    if not missing:
        return dict(known)
    rows = [
        {"id": new_id(), "site_id": site, "page": page, "title": one.title, "url": one.url}
        for (site, page), one in sorted(missing.items())  # in one order for everybody: no deadlock
    ]
    connection.execute(OPEN[connection.dialect.name], rows)
    return {**known, **of_pages(connection, missing.keys())}


def id_of(session: Session, site_id: UUID, page: str) -> UUID:
    """The page's thread, opened if there is none yet."""
    [thread] = opened(session.connection(), [Opening(site_id, page)], known={}).values()
    return thread.id


def site_of(session: Session, thread_id: UUID) -> UUID | None:
    return session.scalar(select(Thread.site_id).where(Thread.id == thread_id))


def set_up(session: Session, thread_id: UUID, settings: Mapping[str, Any], *, by: str) -> None:
    """Change a thread's mode, pace or note. Readers see all of them."""
    values = {**settings, "set_by": by, "set_at": now()}
    thread = session.execute(
        update(Thread)
        .where(Thread.id == thread_id)
        .values(values)
        .returning(Thread.site_id, Thread.page)
    ).one()
    audit.note(
        session,
        Entry(
            kind=Kind.THREAD, action="set up", by=by, site_id=thread.site_id, subject=thread_id,
            details={"page": thread.page, **settings},
        ),
    )  # fmt: skip
    changes.note_threads(session, [thread_id])


def just_too_old(session: Session, site_id: UUID, *, days: int, since: float) -> list[UUID]:
    """Threads that came of age in the last so many seconds, of which no reader was told since."""
    age = timedelta(days=days)
    seconds = age.total_seconds()
    rows = session.execute(
        select(Thread.id, Thread.created_at, Thread.changed_at).where(
            Thread.site_id == site_id,
            Thread.mode.is_(None),
            Thread.created_at > now(-seconds - since),
            Thread.created_at <= now(-seconds),
        )
    )
    return sorted(
        row.id for row in rows if row.changed_at is None or row.changed_at < row.created_at + age
    )
