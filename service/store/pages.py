"""What readers read: the approved comments of a page, and counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from service.store.db import AnyRow, AnySelect
from service.store.models import REPLY, TOP_LEVEL, Comment, Revision, Thread

# Answers nest no deeper than this; what is deeper stands beside its parent and still names it.
MAX_NESTING = 10


class Sort(StrEnum):
    OLDEST = "oldest"
    NEWEST = "newest"
    TOP = "top"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last top-level comment of the page before."""

    id: UUID
    score: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    thread: AnyRow | None
    top_level: Sequence[AnyRow]
    replies: Sequence[AnyRow]
    next: Cursor | None


COLUMNS: AnySelect = select(
    Comment.id, Comment.parent_id, Comment.root_id, Comment.depth, Comment.author_name,
    Comment.score, Comment.created_at, Comment.public_revision_id,
    Revision.body_html, Revision.number, Revision.created_at.label("revised_at"),
).outerjoin(Revision, Revision.id == Comment.public_revision_id)  # fmt: skip


def thread(session: Session, site_id: UUID, page: str) -> AnyRow | None:
    return session.execute(
        select(Thread.id, Thread.page, Thread.title, Thread.url, Thread.mode, Thread.comment_count)
        .where(Thread.site_id == site_id, Thread.page == page)
    ).one_or_none()  # fmt: skip


def listed(
    session: Session, site_id: UUID, page: str, *, sort: Sort, limit: int, after: Cursor | None
) -> Page:
    """Three queries, however many comments there are: the thread, the top level, their replies."""
    found = thread(session, site_id, page)
    if found is None:
        return Page(None, [], [], None)
    query = COLUMNS.where(Comment.thread_id == found.id, TOP_LEVEL)
    rows = session.execute(_sorted(query, sort, after).limit(limit + 1)).all()
    top_level, more = rows[:limit], rows[limit:]
    last = Cursor(top_level[-1].id, top_level[-1].score) if more else None
    return Page(found, top_level, _replies(session, [row.id for row in top_level]), last)


def _sorted(query: AnySelect, sort: Sort, after: Cursor | None) -> AnySelect:
    if sort is Sort.TOP:
        if after is not None:
            lower = Comment.score < after.score
            same = and_(Comment.score == after.score, Comment.id < after.id)
            query = query.where(or_(lower, same))
        return query.order_by(Comment.score.desc(), Comment.id.desc())
    if sort is Sort.NEWEST:
        query = query.where(Comment.id < after.id) if after else query
        return query.order_by(Comment.id.desc())
    query = query.where(Comment.id > after.id) if after else query
    return query.order_by(Comment.id)


def _replies(session: Session, roots: Sequence[UUID]) -> Sequence[AnyRow]:
    if not roots:
        return []
    return session.execute(
        COLUMNS.where(Comment.root_id.in_(roots), REPLY).order_by(Comment.id)
    ).all()


def one(session: Session, comment_id: UUID) -> AnyRow | None:
    """A public comment, or None."""
    return session.execute(
        COLUMNS.add_columns(Thread.page, Thread.site_id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.id == comment_id, Comment.public_revision_id.is_not(None))
    ).one_or_none()


def counts(session: Session, site_id: UUID, pages: Sequence[str]) -> dict[str, int]:
    rows = session.execute(
        select(Thread.page, Thread.comment_count).where(
            Thread.site_id == site_id, Thread.page.in_(pages)
        )
    )
    return {row.page: row.comment_count for row in rows}
