"""Keeping a view of the queue under a name, and letting it go again."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import IllegalMove, NotFound
from service.store import saved_views
from service.store.db import begin_write
from service.store.saved_views import SavedView

MOST = 50  # of one moderator


def save(session: Session, *, by: str, name: str, query: str, site_id: UUID | None) -> UUID:
    """With a site, everybody who moderates there sees it. Raises IllegalMove beyond MOST."""
    begin_write(session)
    if saved_views.count(session, by) >= MOST:
        raise IllegalMove(f"You keep {MOST} views already. Please remove one first.")
    view = SavedView(by=by, name=name, query=query, site_id=site_id)
    saved_views.add(session, view)
    session.commit()
    return view.id


def change(
    session: Session, id: UUID, *, name: str, query: str, by: str, sites: Collection[UUID] | None
) -> None:
    """Raises NotFound."""
    begin_write(session)
    if not saved_views.change(session, id, name=name, query=query, by=by, sites=sites):
        raise NotFound
    session.commit()


def remove(session: Session, id: UUID, *, by: str, sites: Collection[UUID] | None) -> None:
    """Raises NotFound."""
    begin_write(session)
    if not saved_views.remove(session, id, by=by, sites=sites):
        raise NotFound
    session.commit()
