"""What readers read: the approved comments of a page, and counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import DateTime, Table, bindparam, case, select, tuple_, type_coerce
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


# Core statements, made once: the ORM would take longer to build and unpack them than to run them.
COMMENTS, REVISIONS = cast(Table, Comment.__table__), cast(Table, Revision.__table__)
THREADS = cast(Table, Thread.__table__)
C, R = COMMENTS.c, REVISIONS.c

THREAD: AnySelect = select(
    THREADS.c.id, THREADS.c.page, THREADS.c.title, THREADS.c.url, THREADS.c.mode,
    THREADS.c.comment_count,
).where(THREADS.c.site_id == bindparam("site_id"), THREADS.c.page == bindparam("page"))  # fmt: skip
# As the driver gives them, which from SQLite is without a zone: json_bytes knows that it is UTC.
CREATED_AT, WRITTEN_AT = (
    type_coerce(table.c.created_at, DateTime(timezone=True)) for table in (COMMENTS, REVISIONS)
)
SHOWN: AnySelect = select(
    C.id, C.parent_id, C.depth, C.author_name, C.author_badge, C.ups, C.downs, C.score,
    CREATED_AT.label("created_at"), C.public_revision_id.is_not(None).label("is_public"),
    R.body_html, case((R.number > 1, WRITTEN_AT)).label("edited_at"),
).outerjoin(REVISIONS, R.id == C.public_revision_id)  # fmt: skip
TOP = SHOWN.where(C.thread_id == bindparam("thread_id"), TOP_LEVEL).limit(bindparam("most"))
AFTER_ID = bindparam("after_id", type_=C.id.type)
AFTER_SCORE = bindparam("after_score", type_=C.score.type)
# As a pair: an index finds its place at once, with AND and OR it is read from its beginning.
LOWER = tuple_(C.score, C.id) < tuple_(AFTER_SCORE, AFTER_ID)
FIRST = {
    Sort.OLDEST: TOP.order_by(C.id),
    Sort.NEWEST: TOP.order_by(C.id.desc()),
    Sort.TOP: TOP.order_by(C.score.desc(), C.id.desc()),
}
FOLLOWING = {
    Sort.OLDEST: FIRST[Sort.OLDEST].where(C.id > AFTER_ID),
    Sort.NEWEST: FIRST[Sort.NEWEST].where(C.id < AFTER_ID),
    Sort.TOP: FIRST[Sort.TOP].where(LOWER),
}
REPLIES = SHOWN.where(C.root_id.in_(bindparam("roots", expanding=True)), REPLY).order_by(C.id)


ONE = (
    SHOWN.add_columns(THREADS.c.page, THREADS.c.site_id)
    .join(THREADS, THREADS.c.id == C.thread_id)
    .where(C.id == bindparam("id"), C.public_revision_id.is_not(None))
)
COUNTS: AnySelect = select(THREADS.c.page, THREADS.c.comment_count).where(
    THREADS.c.site_id == bindparam("site_id"),
    THREADS.c.page.in_(bindparam("pages", expanding=True)),
)


def thread(session: Session, site_id: UUID, page: str) -> AnyRow | None:
    key = {"site_id": site_id, "page": page}
    return session.connection().execute(THREAD, key).one_or_none()


def listed(
    session: Session, site_id: UUID, page: str, *, sort: Sort, limit: int, after: Cursor | None
) -> Page:
    """Three queries, however many comments there are: the thread, the top level, their replies."""
    found = thread(session, site_id, page)
    if found is None:
        return Page(None, [], [], None)
    values: dict[str, Any] = {"thread_id": found.id, "most": limit + 1}
    statement = FIRST[sort]
    if after is not None:
        statement = FOLLOWING[sort]
        values |= {"after_id": after.id, "after_score": after.score}
    connection = session.connection()
    rows = connection.execute(statement, values).all()
    top_level, more = rows[:limit], rows[limit:]
    last = Cursor(top_level[-1].id, top_level[-1].score) if more else None
    roots = [row.id for row in top_level]
    replies = connection.execute(REPLIES, {"roots": roots}).all() if roots else []
    return Page(found, top_level, replies, last)


def one(session: Session, comment_id: UUID) -> AnyRow | None:
    """A public comment, or None."""
    return session.connection().execute(ONE, {"id": comment_id}).one_or_none()


def counts(session: Session, site_id: UUID, pages: Sequence[str]) -> dict[str, int]:
    rows = session.connection().execute(COUNTS, {"site_id": site_id, "pages": list(pages)})
    return {row.page: row.comment_count for row in rows}
