"""The queue: `received` revisions, taken by workers for a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from service.store.db import now
from service.store.models import RECEIVED, Comment, Revision, Thread

MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Claimed:
    """A revision to be judged, with what its row and its comment's say."""

    id: UUID
    comment_id: UUID
    site_id: UUID
    thread_id: UUID
    number: int
    body: str
    form_trap_filled: bool
    form_seconds: float | None
    created_at: datetime
    posted_at: datetime  # the comment's first version
    author_id: UUID | None
    author_name: str
    address_hash: str | None
    page: str
    page_url: str | None
    thread_mode: str | None


NEVER_CLAIMED = Revision.attempts == 0
LEASE_IS_OVER = (Revision.lease_until.is_(None)) | (Revision.lease_until < now())


def claim_fresh(session: Session, *, batch: int, lease_seconds: int) -> list[Claimed]:
    """Up to `batch` revisions that nobody has tried yet, oldest first."""
    ids = _lock(session, _oldest(NEVER_CLAIMED, batch))
    return _claim(session, ids, lease_seconds)


def claim_suspect(session: Session, *, lease_seconds: int) -> list[Claimed]:
    """One revision whose last judge did not come back: alone, lest it take others with it."""
    tried = Revision.attempts.between(1, MAX_ATTEMPTS - 1) & LEASE_IS_OVER
    return _claim(session, _lock(session, _oldest(tried, 1)), lease_seconds)


def exhausted(session: Session, *, batch: int) -> list[Claimed]:
    """Revisions that were tried as often as is allowed and are still undecided."""
    ids = _lock(session, _oldest((Revision.attempts >= MAX_ATTEMPTS) & LEASE_IS_OVER, batch))
    return _load(session, ids)


def _oldest(condition: ColumnElement[bool], limit: int) -> Select[UUID]:
    query = select(Revision.id).where(RECEIVED, condition).order_by(Revision.id).limit(limit)
    return query.with_for_update(skip_locked=True)


def _lock(session: Session, query: Select[UUID]) -> Sequence[UUID]:
    # In a statement of its own: as a subquery of the UPDATE it might be run more than once.
    return session.scalars(query).all()


def _claim(session: Session, ids: Sequence[UUID], lease_seconds: int) -> list[Claimed]:
    if not ids:
        return []
    session.execute(
        update(Revision)
        .where(Revision.id.in_(ids))
        .values(attempts=Revision.attempts + 1, lease_until=now(lease_seconds))
        .execution_options(synchronize_session=False)
    )
    return _load(session, ids)


def _load(session: Session, ids: Sequence[UUID]) -> list[Claimed]:
    if not ids:
        return []
    rows = session.execute(
        select(
            Revision.id, Revision.comment_id, Revision.site_id, Revision.thread_id, Revision.number,
            Revision.body, Revision.form_trap_filled, Revision.form_seconds, Revision.created_at,
            Comment.author_id, Comment.author_name, Comment.address_hash,
            Comment.created_at.label("posted_at"),
            Thread.page, Thread.url.label("page_url"), Thread.mode.label("thread_mode"),
        )
        .join(Comment, Comment.id == Revision.comment_id)
        .join(Thread, Thread.id == Revision.thread_id)
        .where(Revision.id.in_(ids))
        .order_by(Revision.id)
    )  # fmt: skip
    return [Claimed(**row._asdict()) for row in rows]


def are_waiting(session: Session) -> bool:
    """Whether any revision could be claimed now."""
    query = select(Revision.id).where(RECEIVED, NEVER_CLAIMED | LEASE_IS_OVER).limit(1)
    return session.scalar(query) is not None


def depth(session: Session) -> tuple[int, float]:
    """How many revisions are undecided by screening, and the age of the oldest in seconds."""
    count, oldest, clock = session.execute(
        select(func.count(Revision.id), func.min(Revision.created_at), now()).where(RECEIVED)
    ).one()
    return count, (clock - oldest).total_seconds() if oldest else 0.0


def clock(session: Session) -> datetime:
    return session.execute(select(now())).scalar_one()
