"""One comment at a time: its thread, author, place and revisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.domain.ids import new_id
from service.domain.states import FINAL, State
from service.store import changes
from service.store.db import AnyRow, is_postgresql, now
from service.store.models import Author, Comment, IdempotencyKey, Revision, Thread

# Core inserts: the ORM's unit of work would cost more than the statements themselves.
COMMENTS = cast(Table, Comment.__table__)
REVISIONS = cast(Table, Revision.__table__)
KEYS = cast(Table, IdempotencyKey.__table__)
THREADS = cast(Table, Thread.__table__)
AUTHORS = cast(Table, Author.__table__)
THREAD = select(THREADS.c.id, THREADS.c.mode).where(
    THREADS.c.site_id == bindparam("site_id"), THREADS.c.page == bindparam("page")
)
AUTHOR = select(AUTHORS.c.id).where(
    AUTHORS.c.site_id == bindparam("site_id"), AUTHORS.c.identity == bindparam("identity")
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a thread a new comment goes."""

    parent_id: UUID | None = None
    root_id: UUID | None = None
    depth: int = 0


def upsert(session: Session, model: Any) -> Any:
    """INSERT that can say ON CONFLICT, for the database in use."""
    return postgresql.insert(model) if is_postgresql(session) else sqlite.insert(model)


def thread_for(
    session: Session, site_id: UUID, page: str, *, title: str | None, url: str | None
) -> AnyRow:
    """The thread of `page` as (id, mode), made when it is the first to be written in."""
    connection, key = session.connection(), {"site_id": site_id, "page": page}
    found = connection.execute(THREAD, key).one_or_none()
    if found is None:
        row = {"id": new_id(), "site_id": site_id, "page": page, "title": title, "url": url}
        session.execute(upsert(session, Thread).values(row).on_conflict_do_nothing())
        found = connection.execute(THREAD, key).one()
    return found


def author_for(session: Session, site_id: UUID, identity: str, *, sealed: str | None) -> UUID:
    connection, key = session.connection(), {"site_id": site_id, "identity": identity}
    found = connection.scalar(AUTHOR, key)
    if found is None:
        row = {"id": new_id(), "site_id": site_id, "identity": identity, "email_sealed": sealed}
        session.execute(upsert(session, Author).values(row).on_conflict_do_nothing())
        found = connection.execute(AUTHOR, key).scalar_one()
    return cast(UUID, found)


def place_under(session: Session, thread_id: UUID, parent_id: UUID) -> Place | None:
    """None when there is nothing public to reply to. Held, foreign and missing look the same."""
    parent = session.execute(
        select(Comment.root_id, Comment.depth).where(
            Comment.id == parent_id,
            Comment.thread_id == thread_id,
            Comment.public_revision_id.is_not(None),
        )
    ).one_or_none()
    if parent is None:
        return None
    return Place(parent_id=parent_id, root_id=parent.root_id or parent_id, depth=parent.depth + 1)


def add(
    session: Session, *, edit_seconds: int, comment: dict[str, Any], revision: dict[str, Any]
) -> datetime:
    """Insert a comment with its first revision; answers until when it may be edited."""
    connection = session.connection()
    # The values are parameters: building them into the statement costs more than running it.
    editable_until = connection.execute(
        insert(COMMENTS)
        .values(editable_until=now(edit_seconds))
        .returning(COMMENTS.c.editable_until),
        comment,
    )
    connection.execute(insert(REVISIONS), revision)
    return cast(datetime, editable_until.scalar_one())


def add_revision(session: Session, *, revision: dict[str, Any]) -> UUID:
    revision_id = new_id()
    session.connection().execute(insert(REVISIONS).values(id=revision_id, **revision))
    return revision_id


def claim_key(
    session: Session, *, site_id: UUID, key_hash: str, body_hash: str, comment_id: UUID
) -> IdempotencyKey | None:
    """Take an Idempotency-Key. Answers what it stands for already, or None when it was free."""
    row = {
        "site_id": site_id,
        "key_hash": key_hash,
        "body_hash": body_hash,
        "comment_id": comment_id,
    }
    statement = upsert(session, KEYS).on_conflict_do_nothing().returning(KEYS.c.comment_id)
    if session.connection().execute(statement, row).one_or_none() is not None:
        return None
    return session.get_one(IdempotencyKey, (site_id, key_hash))


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
    session.execute(
        select(Thread.id)
        .where(Thread.id.in_(sorted(thread_ids)))
        .order_by(Thread.id)
        .with_for_update(key_share=True)
    ).all()


def page_of(session: Session, thread_id: UUID) -> str:
    return session.execute(select(Thread.page).where(Thread.id == thread_id)).scalar_one()


def set_mode(session: Session, site_id: UUID, page: str, mode: str | None) -> None:
    thread_id, _ = thread_for(session, site_id, page, title=None, url=None)
    session.execute(update(Thread).where(Thread.id == thread_id).values(mode=mode))
    changes.note_threads(session, [thread_id])


def latest_revision(session: Session, comment_id: UUID) -> Revision:
    return session.execute(
        select(Revision)
        .where(Revision.comment_id == comment_id)
        .order_by(Revision.number.desc())
        .limit(1)
    ).scalar_one()


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
