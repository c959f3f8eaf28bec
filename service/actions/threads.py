"""Setting up single threads, and closing those that are too old."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import NotFound
from service.bell import Bell
from service.store import changes, sites, threads
from service.store.db import begin_write

LOOKED_BACK = 3600.0  # seconds; caches that were not told for so long have asked by themselves


def set_up(
    session: Session, bell: Bell, key: str, *, page: str, settings: Mapping[str, Any], by: str
) -> None:
    """Change what `settings` names: mode (None: as the policy says), slow_seconds, note.

    Raises NotFound.
    """
    begin_write(session)
    site = sites.find(session, key)
    if site is None:
        raise NotFound(f"There is no site with the key {key!r}.")
    threads.set_up(session, threads.id_of(session, site.id, page), settings, by=by)
    session.commit()
    bell.tell(changes.noted(session))


def set_up_known(
    session: Session, bell: Bell, thread_id: UUID, *, settings: Mapping[str, Any], by: str
) -> None:
    """The same for a thread that is there. Raises NotFound."""
    begin_write(session)
    if threads.site_of(session, thread_id) is None:
        raise NotFound
    threads.set_up(session, thread_id, settings, by=by)
    session.commit()
    bell.tell(changes.noted(session))


def close_old(session: Session, bell: Bell) -> int:
    """Have readers see of threads that they closed by their age; answers how many did just now.

    Whether one takes comments is worked out from its age, so nothing hangs on when this runs.
    """
    ripe = [
        thread_id
        for site_id, days in sites.closing_after(session)
        for thread_id in threads.just_too_old(session, site_id, days=days, since=LOOKED_BACK)
    ]
    if not ripe:
        session.rollback()
        return 0
    begin_write(session)
    changes.note_threads(session, ripe)
    session.commit()
    bell.tell(changes.noted(session))
    return len(ripe)
