"""Views of the queue that moderators keep under a name: for themselves, or for all at a site."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.db import Base
from service.store.models import clock, key


class SavedView(Base):
    """What the address of the queue's page says. Without a site it is for its owner alone."""

    __tablename__ = "saved_views"
    id: Mapped[UUID] = key()
    by: Mapped[str] = mapped_column(String(254))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = clock()


Index("ix_saved_views_by", SavedView.by)
Index("ix_saved_views_site_id", SavedView.site_id)


def add(session: Session, view: SavedView) -> None:
    session.add(view)
    session.flush()


def count(session: Session, by: str) -> int:
    query = select(func.count()).where(SavedView.by == by)
    return session.execute(query).scalar_one()


def known(session: Session, by: str, sites: Collection[UUID] | None) -> Sequence[SavedView]:
    """One's own, and those that are shared at these sites; None stands for all."""
    query = select(SavedView).where(_is_theirs(by, sites))
    return session.scalars(query.order_by(SavedView.name, SavedView.id)).all()


def change(
    session: Session, id: UUID, *, name: str, query: str, by: str, sites: Collection[UUID] | None
) -> bool:
    """One's own, or a shared one of these sites; answers whether there was such a one."""
    changed = session.execute(
        update(SavedView)
        .where(SavedView.id == id, _is_theirs(by, sites))
        .values(name=name, query=query)
        .returning(SavedView.id)
    )
    return changed.one_or_none() is not None


def remove(session: Session, id: UUID, *, by: str, sites: Collection[UUID] | None) -> bool:
    """The same."""
    removed = session.execute(
        delete(SavedView).where(SavedView.id == id, _is_theirs(by, sites)).returning(SavedView.id)
    )
    return removed.one_or_none() is not None


def _is_theirs(by: str, sites: Collection[UUID] | None) -> ColumnElement[bool]:
    is_shared = (
        SavedView.site_id.is_not(None) if sites is None else SavedView.site_id.in_(list(sites))
    )
    return or_(SavedView.by == by, is_shared)
