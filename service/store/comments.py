"""One comment at a time: itself, its thread and its revisions."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from service.domain.ids import new_id
from service.domain.states import FINAL, State
from service.store.db import now
from service.store.models import Author, Comment, Decision, Revision, Thread

REVISIONS = cast(Table, Revision.__table__)
LOCK_THREADS = (
    select(Thread.id)
    .where(Thread.id.in_(bindparam("ids", expanding=True)))
    .order_by(Thread.id)
    .with_for_update(key_share=True)
)


def add_revision(session: Session, *, revision: dict[str, Any]) -> UUID:
    revision_id = new_id()
    session.connection().execute(insert(REVISIONS).values(id=revision_id, **revision))
    return revision_id


def find(session: Session, comment_id: UUID) -> Comment | None:
    return session.get(Comment, comment_id)


def lock(session: Session, comment_id: UUID) -> Comment | None:
    """The comment, with its thread held so that nothing about it moves meanwhile."""
    thread_id = session.scalar(select(Comment.thread_id).where(Comment.id == comment_id))
    if thread_id is None:
        return None
    lock_threads(session, [thread_id])
    return session.get(Comment, comment_id, populate_existing=True)


def lock_threads(session: Session, thread_ids: Iterable[UUID]) -> None:
    """Hold these threads, in one order for everybody, so that movers cannot deadlock."""
    session.connection().execute(LOCK_THREADS, {"ids": sorted(thread_ids)}).all()


def is_by(session: Session, comment: Comment, identity: str) -> bool:
    query = select(Author.id).where(Author.id == comment.author_id, Author.identity == identity)
    return session.scalar(query) is not None


def page_of(session: Session, thread_id: UUID) -> str:
    return session.execute(select(Thread.page).where(Thread.id == thread_id)).scalar_one()


def latest_revision(session: Session, comment_id: UUID) -> Revision:
    return session.execute(
        select(Revision)
        .where(Revision.comment_id == comment_id)
        .order_by(Revision.number.desc())
        .limit(1)
    ).scalar_one()


def message_about(session: Session, revision_id: UUID) -> str | None:
    """What the author was told with the newest decision on this text, if anything."""
    return session.scalars(
        select(Decision.message)
        .where(Decision.revision_id == revision_id)
        .order_by(Decision.id.desc())
        .limit(1)
    ).first()


def open_revisions(session: Session, comment_id: UUID) -> list[tuple[UUID, State]]:
    """The revisions that can still move, oldest first."""
    rows = session.execute(
        select(Revision.id, Revision.state)
        .where(Revision.comment_id == comment_id, Revision.state.not_in(FINAL))
        .order_by(Revision.number)
    )
    return [(row.id, State(row.state)) for row in rows]


def is_editable(session: Session, comment_id: UUID) -> bool:
    query = select(Comment.id).where(Comment.id == comment_id, Comment.editable_until > now())
    return session.scalar(query) is not None


def mark_deleted(session: Session, comment_id: UUID) -> None:
    session.execute(update(Comment).where(Comment.id == comment_id).values(deleted_at=now()))


def revision_count(session: Session, comment_id: UUID) -> int:
    query = select(func.count()).where(Revision.comment_id == comment_id)
    return session.execute(query).scalar_one()
