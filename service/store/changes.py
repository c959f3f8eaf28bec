"""What changed for readers, noted where it changes, so that no cache goes on showing the old."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.domain.cache_keys import site_key, thread_key
from service.store.db import now
from service.store.models import Site, Thread

NOTED = "afterword.changed"


def note_threads(session: Session, thread_ids: Sequence[UUID], *, count: int = 0) -> None:
    """The comments shown under these threads change, in number by `count` in each of them."""
    if not thread_ids:
        return
    rows = session.execute(
        update(Thread)
        .where(Thread.id.in_(thread_ids))
        .values(comment_count=Thread.comment_count + count, changed_at=now())
        .returning(Thread.site_id, Thread.page, Thread.changed_at)
        .execution_options(synchronize_session=False)
    )
    _note(session, {thread_key(row.site_id, row.page): row.changed_at for row in rows})


def note_site(session: Session, site_id: UUID) -> None:
    """The site's settings change, and with them all of its pages."""
    changed_at = session.execute(
        update(Site).where(Site.id == site_id).values(changed_at=now()).returning(Site.changed_at)
    ).scalar_one()
    _note(session, {site_key(site_id): cast(datetime, changed_at)})


def noted(session: Session) -> dict[str, str]:
    """What this session changed since it was last asked: keys, and when."""
    changed: dict[str, str] = session.info.pop(NOTED, {})
    return changed


def since(session: Session, *, seconds: float) -> dict[str, str]:
    """What was changed by anybody in the last so many seconds: keys, and when."""
    threads = session.execute(
        select(Thread.site_id, Thread.page, Thread.changed_at).where(
            Thread.changed_at > now(-seconds)
        )
    )
    found = {thread_key(row.site_id, row.page): row.changed_at.isoformat() for row in threads}
    sites = session.execute(select(Site.id, Site.changed_at).where(Site.changed_at > now(-seconds)))
    return found | {site_key(row.id): row.changed_at.isoformat() for row in sites}


def _note(session: Session, changed: dict[str, datetime]) -> None:
    session.info.setdefault(NOTED, {}).update(
        {key: changed_at.isoformat() for key, changed_at in changed.items()}
    )
