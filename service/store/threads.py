"""The conversations under articles, found or opened by their pages."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, select, tuple_, update
from sqlalchemy.orm import Session

from service.domain.ids import new_id
from service.store import changes
from service.store.db import upserts
from service.store.models import Thread

THREADS = cast(Table, Thread.__table__)
# Made once, as all statements that every post runs: making one anew costs more than running it.
OF_PAGES = select(THREADS.c.site_id, THREADS.c.page, THREADS.c.id, THREADS.c.mode).where(
    tuple_(THREADS.c.site_id, THREADS.c.page).in_(bindparam("pages", expanding=True))
)
OPEN = {name: insert.on_conflict_do_nothing() for name, insert in upserts(THREADS).items()}

Page = tuple[UUID, str]  # a site and what it calls the article


@dataclass(frozen=True, slots=True)
class Found:
    id: UUID
    mode: str | None  # None: as the site's policy says


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
    return {(site, page): Found(thread_id, mode) for site, page, thread_id, mode in rows}


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


def set_mode(session: Session, site_id: UUID, page: str, mode: str | None) -> None:
    [thread] = opened(session.connection(), [Opening(site_id, page)], known={}).values()
    session.execute(update(Thread).where(Thread.id == thread.id).values(mode=mode))
    changes.note_threads(session, [thread.id])
