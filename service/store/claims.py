"""The queue: `received` revisions, taken by workers for a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, String, Table, bindparam, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.store.db import AnySelect, interval, now
from service.store.models import RECEIVED, Comment, Revision, Thread

MAX_ATTEMPTS = 3
BELIEVED = 2  # leases of the usual length, from now: longer ones nobody takes


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
    page_title: str | None
    thread_mode: str | None


def is_over(lease_until: InstrumentedAttribute[datetime | None]) -> ColumnElement[bool]:
    """Also of a lease so long that a clock must have been ahead, or was set back since then.

    Or what was claimed by a worker that died would wait for as long as the clock was wrong.
    """
    longest = now(bindparam("longest", type_=String()))
    return lease_until.is_(None) | (lease_until < now()) | (lease_until > longest)


def longest(lease_seconds: float) -> str:
    """The parameter of `is_over`; `lease_seconds` is how long whoever asks takes them himself."""
    return interval(BELIEVED * lease_seconds)


NEVER_CLAIMED = Revision.attempts == 0
LEASE_IS_OVER = is_over(Revision.lease_until)
TRIED_ONCE = (Revision.attempts == 1) & LEASE_IS_OVER
TRIED_AGAIN = Revision.attempts.between(2, MAX_ATTEMPTS - 1) & LEASE_IS_OVER
SUSPECT = Revision.attempts.between(1, MAX_ATTEMPTS - 1) & LEASE_IS_OVER  # either
EXHAUSTED = (Revision.attempts >= MAX_ATTEMPTS) & LEASE_IS_OVER

REVISIONS = cast(Table, Revision.__table__)
CLAIMABLE: AnySelect = (
    select(
        Revision.id, Revision.comment_id, Revision.site_id, Revision.thread_id, Revision.number,
        Revision.body, Revision.form_trap_filled, Revision.form_seconds, Revision.created_at,
        Comment.created_at.label("posted_at"), Comment.author_id, Comment.author_name,
        Comment.address_hash, Thread.page, Thread.url, Thread.title, Thread.mode,
    )
    .join(Comment, Comment.id == Revision.comment_id)
    .join(Thread, Thread.id == Revision.thread_id)
    .where(RECEIVED)
    .order_by(Revision.id)
    .limit(bindparam("most"))
    .with_for_update(of=REVISIONS, skip_locked=True)
)  # fmt: skip
FRESH, GIVEN_UP = map(CLAIMABLE.where, (NEVER_CLAIMED, EXHAUSTED))
ONCE, AGAIN = map(CLAIMABLE.where, (TRIED_ONCE, TRIED_AGAIN))
ANY: AnySelect = select(Revision.id).where(RECEIVED).limit(1)
WAITING = ANY.where(NEVER_CLAIMED | LEASE_IS_OVER)
ANY_EXHAUSTED = ANY.where(EXHAUSTED)
SUSPECTS = select(Revision.id).where(RECEIVED, SUSPECT).limit(bindparam("most"))
HOW_MANY_SUSPECTS = select(func.count()).select_from(SUSPECTS.subquery())
CLOCK = select(now())
# In a statement of its own: a subquery of it might be run more than once.
CLAIM = (
    update(REVISIONS)
    .where(REVISIONS.c.id.in_(bindparam("ids", expanding=True)))
    .values(attempts=REVISIONS.c.attempts + 1, lease_until=now(bindparam("lease", type_=String())))
)


def claim_fresh(session: Session, *, batch: int, lease_seconds: int) -> list[Claimed]:
    """Up to `batch` revisions that nobody has tried yet, oldest first."""
    return _claim(session, _locked(session, FRESH, {"most": batch}), lease_seconds)


def claim_suspects(session: Session, *, most: int, lease_seconds: int) -> list[Claimed]:
    """Up to `most` revisions whose judge did not come back; one where a second did not either."""
    for query, count in ((AGAIN, 1), (ONCE, most)):
        given = {"most": count, "longest": longest(lease_seconds)}
        if claimed := _locked(session, query, given):
            return _claim(session, claimed, lease_seconds)
    return []


def exhausted(session: Session, *, batch: int, lease_seconds: int) -> list[Claimed]:
    """Revisions that were tried as often as is allowed and are still undecided."""
    return _locked(session, GIVEN_UP, {"most": batch, "longest": longest(lease_seconds)})


def _locked(session: Session, query: AnySelect, given: Mapping[str, object]) -> list[Claimed]:
    rows = session.connection().execute(query, given).all()
    return [Claimed(*row) for row in rows]


def _claim(session: Session, claimed: list[Claimed], lease_seconds: int) -> list[Claimed]:
    if claimed:
        ids = [row.id for row in claimed]
        session.connection().execute(CLAIM, {"ids": ids, "lease": interval(lease_seconds)})
    return claimed


def are_waiting(session: Session, *, lease_seconds: int) -> bool:
    """Whether any revision could be claimed now."""
    return _any(session, WAITING, lease_seconds)


def suspects(session: Session, *, most: int, lease_seconds: int) -> int:
    """How many there are, counted up to `most`."""
    given = {"longest": longest(lease_seconds), "most": most}
    return session.connection().execute(HOW_MANY_SUSPECTS, given).scalar_one()


def any_exhausted(session: Session, *, lease_seconds: int) -> bool:
    return _any(session, ANY_EXHAUSTED, lease_seconds)


def _any(session: Session, query: AnySelect, lease_seconds: int) -> bool:
    given = {"longest": longest(lease_seconds)}
    return session.connection().execute(query, given).first() is not None


def depth(session: Session) -> tuple[int, float]:
    """How many revisions are undecided by screening, and the age of the oldest in seconds."""
    count, oldest, clock = session.execute(
        select(func.count(Revision.id), func.min(Revision.created_at), now()).where(RECEIVED)
    ).one()
    return count, max(0.0, (clock - oldest).total_seconds()) if oldest else 0.0


def clock(session: Session) -> datetime:
    return session.connection().execute(CLOCK).scalar_one()
