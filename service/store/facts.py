"""What checks want to know of the site's past, gathered for a whole batch in a few queries."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.domain.fingerprint import similarity
from service.domain.policy import Mode, Policy
from service.domain.states import Actor, State
from service.domain.submission import Earlier, Facts
from service.store.claims import Claimed
from service.store.models import Comment, Decision, Revision

MOST_COMPARED = 5_000  # texts of one site, the newest first, against which a new one is held
MOST_EARLIER = 10

Times = Mapping[Any, Sequence[datetime]]


@dataclass(frozen=True, slots=True)
class _Print:
    fingerprint: int
    comment_id: UUID
    author: object
    created_at: datetime


def gather(
    session: Session, batch: Sequence[Claimed], policy: Policy, prints: Mapping[UUID, int]
) -> dict[UUID, Facts]:
    """Facts for revisions of ONE site, by revision id. `prints` are their fingerprints."""
    window = timedelta(minutes=policy.flood.window_minutes)
    authors = _times(session, Comment.author_id, batch, window, _values(batch, "author_id"))
    addresses = _times(session, Comment.address_hash, batch, window, _values(batch, "address_hash"))
    threads = _times(session, Comment.thread_id, batch, window, _values(batch, "thread_id"))
    approved = _approved(session, _values(batch, "author_id"))
    rejected = _rejected_before(session, [row.comment_id for row in batch if row.number > 1])
    known = _prints(session, batch, policy, prints)
    return {
        row.id: Facts(
            thread_mode=Mode(row.thread_mode or policy.mode),
            author_approved=approved[row.author_id],
            author_in_window=_count(authors, row.author_id, row.posted_at, window),
            address_in_window=_count(addresses, row.address_hash, row.posted_at, window),
            thread_in_window=_count(threads, row.thread_id, row.posted_at, window),
            rejected_before=row.comment_id in rejected,
            earlier=_earlier(row, prints[row.id], known, policy),
        )
        for row in batch
    }


def _values(batch: Iterable[Claimed], name: str) -> list[Any]:
    return [value for value in {getattr(row, name) for row in batch} if value is not None]


def _times(
    session: Session,
    column: InstrumentedAttribute[Any],
    batch: Sequence[Claimed],
    window: timedelta,
    values: list[Any],
) -> Times:
    """When each author, address or thread of the batch wrote, oldest first."""
    if not values or not window:
        return {}
    times = [row.posted_at for row in batch]
    rows = session.execute(
        select(column, Comment.created_at)
        .where(
            Comment.site_id == batch[0].site_id,
            column.in_(values),
            Comment.created_at > min(times) - window,
            Comment.created_at < max(times),
        )
        .order_by(Comment.created_at)
    )
    found: dict[Any, list[datetime]] = defaultdict(list)
    for value, created_at in rows:
        found[value].append(created_at)
    return found


def _count(times: Times, value: Any, at: datetime, window: timedelta) -> int:
    """How many came in the window before `at`; the one at `at` itself does not count."""
    seen = times.get(value, ())
    return bisect_left(seen, at) - bisect_left(seen, at - window)


def _approved(session: Session, authors: list[UUID]) -> Counter[UUID | None]:
    if not authors:
        return Counter()
    rows = session.execute(
        select(Comment.author_id, func.count())
        .where(Comment.author_id.in_(authors), Comment.public_revision_id.is_not(None))
        .group_by(Comment.author_id)
    )
    return Counter({author: count for author, count in rows})  # noqa: C416 - rows are not pairs to mypy


def _rejected_before(session: Session, comments: list[UUID]) -> set[UUID]:
    """Comments of which a moderator rejected some version: no edit may slip past that unseen."""
    if not comments:
        return set()
    rows = session.scalars(
        select(Decision.comment_id).where(
            Decision.comment_id.in_(comments),
            Decision.actor == Actor.MODERATOR,
            Decision.target.in_([State.REJECTED, State.SPAM]),
        )
    )
    return set(rows)


def _prints(
    session: Session, batch: Sequence[Claimed], policy: Policy, prints: Mapping[UUID, int]
) -> list[_Print]:
    """Fingerprints of the site's recent texts and of the batch itself, oldest first."""
    if not policy.repetition.window_minutes:
        return []
    since = min(row.created_at for row in batch) - timedelta(
        minutes=policy.repetition.window_minutes
    )
    in_window: ColumnElement[bool] = (
        (Revision.site_id == batch[0].site_id)
        & (Revision.created_at > since)
        & Revision.fingerprint.is_not(None)
    )
    newest = session.scalars(
        select(Revision.fingerprint)
        .where(in_window)
        .order_by(Revision.created_at.desc())
        .limit(MOST_COMPARED)
    ).all()
    known: list[_Print] = []
    if near := _near(newest, set(prints.values()), policy.repetition.similarity):
        rows = session.execute(
            select(
                Revision.fingerprint, Revision.comment_id, Comment.author_id, Comment.address_hash,
                Comment.author_name, Revision.created_at,
            )
            .join(Comment, Comment.id == Revision.comment_id)
            .where(in_window, Revision.fingerprint.in_(near))
            .limit(MOST_COMPARED)
        )  # fmt: skip
        known = [
            _Print(fingerprint, comment, _same_author(author, address, name), created_at)
            for fingerprint, comment, author, address, name, created_at in rows
            if fingerprint is not None
        ]
    known += [
        _Print(prints[row.id], row.comment_id, _author_of(row), row.created_at) for row in batch
    ]
    return known


def _author_of(row: Claimed) -> object:
    return _same_author(row.author_id, row.address_hash, row.author_name)


def _same_author(author_id: UUID | None, address: str | None, name: str) -> object:
    """What two comments of one author share. An address alone is not enough: offices have one."""
    return author_id or (address, name.casefold())


def _near(known: Sequence[int | None], ours: set[int], least: float) -> set[int]:
    """Which known fingerprints are like any of ours: few, so that the rest is never loaded."""
    return {
        other
        for other in set(known)
        if other is not None and any(similarity(one, other) >= least for one in ours)
    }


def _earlier(
    row: Claimed, fingerprint: int, known: Sequence[_Print], policy: Policy
) -> tuple[Earlier, ...]:
    window = timedelta(minutes=policy.repetition.window_minutes)
    author = _author_of(row)
    found = []
    for other in known:
        if other.comment_id == row.comment_id or other.created_at >= row.created_at:
            continue
        alike = similarity(fingerprint, other.fingerprint)
        before = row.created_at - other.created_at
        if alike >= policy.repetition.similarity and before <= window:
            same = other.author == author
            minutes = before.total_seconds() / 60
            found.append(Earlier(str(other.comment_id), alike, same, minutes))
    found.sort(key=lambda one: (not one.by_same_author, -one.similarity))
    return tuple(found[:MOST_EARLIER])
