"""What readers read: the approved comments of a page, and counts.

These take a connection: opening a session for a request that only reads takes a tenth of its time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import (
    Connection,
    DateTime,
    Table,
    bindparam,
    case,
    exists,
    select,
    tuple_,
    type_coerce,
)

from service.store.db import AnyRow, AnySelect, RawId, now
from service.store.models import REPLY, TOP_LEVEL, Comment, Revision, Thread
from service.store.raids import RAIDS

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


class Shown(NamedTuple):
    """A comment as SHOWN selects it. SQLAlchemy's rows take ten times as long to name a value."""

    id: UUID | str  # as the driver has it, and so the next
    parent_id: UUID | str | None
    depth: int
    author_name: str
    author_badge: str | None
    ups: int
    downs: int
    score: int
    created_at: datetime
    is_public: bool
    body_html: str | None
    edited_at: datetime | None
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Page:
    thread: AnyRow | None
    top_level: Sequence[Shown]
    replies: Sequence[Shown]
    next: Cursor | None


# Core statements, made once: the ORM would take longer to build and unpack them than to run them.
COMMENTS, REVISIONS = cast(Table, Comment.__table__), cast(Table, Revision.__table__)
THREADS = cast(Table, Thread.__table__)
C, R = COMMENTS.c, REVISIONS.c

THREAD: AnySelect = select(
    THREADS.c.id, THREADS.c.page, THREADS.c.title, THREADS.c.url, THREADS.c.mode,
    THREADS.c.comment_count, THREADS.c.slow_seconds, THREADS.c.note, THREADS.c.created_at,
    now().label("clock"),
    exists()
    .where(RAIDS.c.place_id.in_([THREADS.c.id, THREADS.c.site_id]), RAIDS.c.ended_at.is_(None))
    .label("is_raided"),
).where(THREADS.c.site_id == bindparam("site_id"), THREADS.c.page == bindparam("page"))  # fmt: skip
# As the driver gives them, which from SQLite is without a zone: json_bytes knows that it is UTC.
CREATED_AT, WRITTEN_AT = (
    type_coerce(table.c.created_at, DateTime(timezone=True)) for table in (COMMENTS, REVISIONS)
)
IS_EDIT = (R.number > 1) & R.cut_from.is_(None)  # and not what a moderator left of a text
ID, PARENT_ID = (type_coerce(column, RawId()) for column in (C.id, C.parent_id))
PUBLIC = REVISIONS, R.id == C.public_revision_id
SHOWN: AnySelect = select(
    ID.label("id"), PARENT_ID.label("parent_id"), C.depth, C.author_name, C.author_badge,
    C.ups, C.downs, C.score, CREATED_AT.label("created_at"),
    C.public_revision_id.is_not(None).label("is_public"),
    R.body_html, case((IS_EDIT, WRITTEN_AT)).label("edited_at"),
    R.cut_from.is_not(None).label("is_cut"),
).outerjoin(*PUBLIC)  # fmt: skip
AFTER_ID = bindparam("after_id", type_=C.id.type)
AFTER_SCORE = bindparam("after_score", type_=C.score.type)
# As a pair: an index finds its place at once, with AND and OR it is read from its beginning.
LOWER = tuple_(C.score, C.id) < tuple_(AFTER_SCORE, AFTER_ID)
TOP = select(C.id).where(C.thread_id == bindparam("thread_id"), TOP_LEVEL)
IDS = {
    Sort.OLDEST: TOP.order_by(C.id),
    Sort.NEWEST: TOP.order_by(C.id.desc()),
    Sort.TOP: TOP.order_by(C.score.desc(), C.id.desc()),
}
AFTER = {Sort.OLDEST: C.id > AFTER_ID, Sort.NEWEST: C.id < AFTER_ID, Sort.TOP: LOWER}


def page_of(ids: AnySelect) -> tuple[AnySelect, AnySelect]:
    """A page's top level, and all replies to it: to find that again costs less than to name it."""
    top = ids.with_only_columns(*SHOWN.selected_columns).outerjoin(*PUBLIC)
    answered = C.root_id.in_(ids.limit(bindparam("limit")).correlate(None))
    # In the order of the index: by id alone they would have to be sorted.
    replies = SHOWN.where(answered, REPLY).order_by(C.root_id, C.id)
    return top.limit(bindparam("most")), replies


FIRST = {sort: page_of(ids) for sort, ids in IDS.items()}
FOLLOWING = {sort: page_of(ids.where(AFTER[sort])) for sort, ids in IDS.items()}


ONE = (
    SHOWN.add_columns(THREADS.c.page, THREADS.c.site_id)
    .join(THREADS, THREADS.c.id == C.thread_id)
    .where(C.id == bindparam("id"), C.public_revision_id.is_not(None))
)
COUNTS: AnySelect = select(THREADS.c.page, THREADS.c.comment_count).where(
    THREADS.c.site_id == bindparam("site_id"),
    THREADS.c.page.in_(bindparam("pages", expanding=True)),
)


def thread(connection: Connection, site_id: UUID, page: str) -> AnyRow | None:
    return connection.execute(THREAD, {"site_id": site_id, "page": page}).one_or_none()


def listed(
    connection: Connection,
    site_id: UUID,
    page: str,
    *,
    sort: Sort,
    limit: int,
    after: Cursor | None,
) -> Page:
    """Three queries, however many comments there are: the thread, the top level, their replies."""
    found = thread(connection, site_id, page)
    if found is None:
        return Page(None, [], [], None)
    values: dict[str, Any] = {"thread_id": found.id, "limit": limit, "most": limit + 1}
    statements = FIRST
    if after is not None:
        statements = FOLLOWING
        values |= {"after_id": after.id, "after_score": after.score}
    top, below = statements[sort]
    rows = list(map(Shown._make, connection.execute(top, values).all()))
    top_level, more = rows[:limit], rows[limit:]
    last = Cursor(UUID(str(top_level[-1].id)), top_level[-1].score) if more else None
    replies = connection.execute(below, values).all() if top_level else ()
    return Page(found, top_level, list(map(Shown._make, replies)), last)


def one(connection: Connection, comment_id: UUID) -> AnyRow | None:
    """A public comment, or None."""
    return connection.execute(ONE, {"id": comment_id}).one_or_none()


def counts(connection: Connection, site_id: UUID, pages: Sequence[str]) -> dict[str, int]:
    rows = connection.execute(COUNTS, {"site_id": site_id, "pages": list(pages)})
    return {row.page: row.comment_count for row in rows}
