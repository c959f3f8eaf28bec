"""What changed for readers, noted where it changes, so that no cache goes on showing the old."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from service.domain.cache_keys import feed_key, site_key, thread_key
from service.store.db import AnyRow, now
from service.store.models import Site, Thread

NOTED = "afterword.changed"
THREADS = cast(Table, Thread.__table__)
NOTE = (
    update(THREADS)
    .where(THREADS.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        comment_count=THREADS.c.comment_count + bindparam("count"),
        changes=THREADS.c.changes + 1,
        changed_at=now(),
    )
    .returning(THREADS.c.site_id, THREADS.c.page, THREADS.c.changes)
)
Changed = dict[str, int]  # keys, and how often what they name has changed so far


def note_threads(session: Session, thread_ids: Sequence[UUID], *, count: int = 0) -> None:
    """The comments shown under these threads change, in number by `count` in each of them."""
    if not thread_ids:
        return
    rows = session.connection().execute(NOTE, {"ids": thread_ids, "count": count})
    _note(session, _keys(rows.all()))


def _keys(threads: Iterable[AnyRow]) -> Changed:
    """These threads' own keys, and those of their sites' feeds.

    How often any page of a site has changed is counted nowhere, since all who comment there would
    wait for each other. A number made from what changed tells as well that something did.
    """
    keys: Changed = {}
    for row in threads:
        thread, feed = thread_key(row.site_id, row.page), feed_key(row.site_id)
        keys[thread] = row.changes
        digest = blake2b(f"{thread} {row.changes}".encode(), digest_size=6).digest()
        keys[feed] = keys.get(feed, 0) ^ int.from_bytes(digest)
    return keys


def note_site(session: Session, site_id: UUID) -> None:
    """The site's settings change, and with them all of its pages."""
    changes = session.execute(
        update(Site)
        .where(Site.id == site_id)
        .values(changes=Site.changes + 1, changed_at=now())
        .returning(Site.changes)
    ).scalar_one()
    _note(session, {site_key(site_id): changes})


def noted(session: Session) -> Changed:
    """What this session changed since it was last asked."""
    changed: Changed = session.info.pop(NOTED, {})
    return changed


def since(session: Session, *, seconds: float) -> Changed:
    """What was changed by anybody in the last so many seconds."""
    threads = session.execute(
        select(Thread.site_id, Thread.page, Thread.changes).where(Thread.changed_at > now(-seconds))
    )
    sites = session.execute(select(Site.id, Site.changes).where(Site.changed_at > now(-seconds)))
    return {
        **_keys(threads.all()),
        **{site_key(row.id): row.changes for row in sites},
    }


def _note(session: Session, changed: Changed) -> None:
    session.info.setdefault(NOTED, {}).update(changed)
