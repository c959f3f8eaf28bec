"""What checks want to know of the site's past, gathered for a whole batch in a few queries."""

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, Uuid, bindparam, case, func, select, type_coerce
from sqlalchemy.orm import Session

from service.domain.fingerprint import near, similarity
from service.domain.policy import Mode, Policy
from service.domain.states import Actor, State
from service.domain.submission import Earlier, Facts
from service.store.claims import Claimed
from service.store.models import Comment, Decision, Revision

MOST_COMPARED = 5_000  # texts of one site, the newest first, against which a new one is held
MOST_EARLIER = 10

Moment = tuple[datetime, UUID]  # the id tells who was first of those that share a transaction
FIRST_ID = UUID(int=0)

COMMENTS, REVISIONS = cast(Table, Comment.__table__), cast(Table, Revision.__table__)
# What is in the window of the whole batch is only counted: a thread may have thousands of those.
IN_ALL_WINDOWS = (COMMENTS.c.created_at >= bindparam("counted_from")) & (
    COMMENTS.c.created_at < bindparam("counted_until")
)
ONE_OF_ITS_OWN = type_coerce(case((IN_ALL_WINDOWS, None), else_=COMMENTS.c.id), Uuid).label("one")
TIMES = {
    column.name: select(column, ONE_OF_ITS_OWN, func.count(), func.min(COMMENTS.c.created_at))
    .where(
        COMMENTS.c.site_id == bindparam("site"),
        column.in_(bindparam("values", expanding=True)),
        COMMENTS.c.created_at >= bindparam("since"),
        COMMENTS.c.created_at <= bindparam("until"),
    )
    .group_by(column, "one")
    for column in (COMMENTS.c.author_id, COMMENTS.c.address_hash, COMMENTS.c.thread_id)
}
APPROVED = (
    select(COMMENTS.c.author_id, func.count())
    .where(
        COMMENTS.c.author_id.in_(bindparam("authors", expanding=True)),
        COMMENTS.c.public_revision_id.is_not(None),
    )
    .group_by(COMMENTS.c.author_id)
)
REJECTED = select(Decision.comment_id).where(
    Decision.comment_id.in_(bindparam("comments", expanding=True)),
    Decision.actor == Actor.MODERATOR,
    Decision.target.in_([State.REJECTED, State.SPAM]),
)
PRINTED = (
    (REVISIONS.c.site_id == bindparam("site"))
    & (REVISIONS.c.created_at > bindparam("since"))
    & REVISIONS.c.fingerprint.is_not(None)
)
NEWEST_PRINTS = (
    select(REVISIONS.c.fingerprint)
    .where(PRINTED)
    .order_by(REVISIONS.c.created_at.desc())
    .limit(bindparam("most"))
)
LIKE_PRINTS = (
    select(
        REVISIONS.c.id, REVISIONS.c.fingerprint, REVISIONS.c.comment_id, REVISIONS.c.created_at,
        COMMENTS.c.author_id, COMMENTS.c.address_hash, COMMENTS.c.author_name,
    )
    .join(COMMENTS, COMMENTS.c.id == REVISIONS.c.comment_id)
    .where(PRINTED, REVISIONS.c.fingerprint.in_(bindparam("prints", expanding=True)))
    .limit(bindparam("most"))
)  # fmt: skip


@dataclass(slots=True)
class _Times:
    """Of one author, address or thread: those in every window of the batch, and all others."""

    counted: int = 0
    moments: list[Moment] = field(default_factory=list)  # oldest first


@dataclass(frozen=True, slots=True)
class _Print:
    fingerprint: int
    comment_id: UUID
    author: object
    sent: Moment


def gather(
    session: Session, batch: Sequence[Claimed], policy: Policy, prints: Mapping[UUID, int]
) -> dict[UUID, Facts]:
    """Facts for revisions of ONE site, by revision id. `prints` are their fingerprints."""
    window = timedelta(minutes=policy.flood.window_minutes)
    authors = _times(session, "author_id", batch, window)
    addresses = _times(session, "address_hash", batch, window)
    threads = _times(session, "thread_id", batch, window)
    approved = _approved(session, _values(batch, "author_id"))
    rejected = _rejected_before(session, [row.comment_id for row in batch if row.number > 1])
    known = _prints(session, batch, policy, prints)
    return {
        row.id: Facts(
            thread_mode=Mode(row.thread_mode or policy.mode),
            author_approved=approved[row.author_id],
            author_in_window=_count(authors, row.author_id, row, window),
            address_in_window=_count(addresses, row.address_hash, row, window),
            thread_in_window=_count(threads, row.thread_id, row, window),
            rejected_before=row.comment_id in rejected,
            earlier=_earlier(row, prints[row.id], known, policy),
        )
        for row in batch
    }


def _values(batch: Iterable[Claimed], name: str) -> list[Any]:
    return [value for value in {getattr(row, name) for row in batch} if value is not None]


def _times(
    session: Session, name: str, batch: Sequence[Claimed], window: timedelta
) -> Mapping[Any, _Times]:
    """When each author, address or thread of the batch wrote."""
    values = _values(batch, name)
    if not values or not window:
        return {}
    first, last = (end(row.posted_at for row in batch) for end in (min, max))
    given = {
        "site": batch[0].site_id,
        "values": values,
        "since": first - window,
        "counted_from": last - window,
        "counted_until": first,
        "until": last,
    }
    found: dict[Any, _Times] = defaultdict(_Times)
    for value, comment_id, count, at in session.connection().execute(TIMES[name], given).all():
        if comment_id is None:
            found[value].counted = count
        else:
            insort(found[value].moments, (at, comment_id))
    return found


def _count(times: Mapping[Any, _Times], value: Any, row: Claimed, window: timedelta) -> int:
    """How many came before this one in the window. Ids tell who was first at the same time."""
    if value not in times:
        return 0
    seen, at = times[value].moments, row.posted_at
    before = bisect_left(seen, (at, row.comment_id)) - bisect_left(seen, (at - window, FIRST_ID))
    return times[value].counted + before


def _approved(session: Session, authors: list[UUID]) -> Counter[UUID | None]:
    if not authors:
        return Counter()
    rows = session.connection().execute(APPROVED, {"authors": authors})
    return Counter({author: count for author, count in rows})  # noqa: C416 - rows are not pairs to mypy


def _rejected_before(session: Session, comments: list[UUID]) -> set[UUID]:
    """Comments of which a moderator rejected some version: no edit may slip past that unseen."""
    if not comments:
        return set()
    return set(session.connection().execute(REJECTED, {"comments": comments}).scalars())


def _prints(
    session: Session, batch: Sequence[Claimed], policy: Policy, prints: Mapping[UUID, int]
) -> list[_Print]:
    """Fingerprints of the site's recent texts and of the batch itself, oldest first."""
    if not policy.repetition.window_minutes:
        return []
    connection = session.connection()
    window = timedelta(minutes=policy.repetition.window_minutes)
    given = {
        "site": batch[0].site_id,
        "since": min(row.created_at for row in batch) - window,
        "most": MOST_COMPARED,
    }
    newest = connection.execute(NEWEST_PRINTS, given).scalars().all()
    known: list[_Print] = []
    if like := near(prints.values(), newest, least=policy.repetition.similarity):
        rows = connection.execute(LIKE_PRINTS, {**given, "prints": like})
        known = [
            _Print(
                row.fingerprint,
                row.comment_id,
                _same_author(row.author_id, row.address_hash, row.author_name),
                (row.created_at, row.id),
            )
            for row in rows
        ]
    known += [
        _Print(prints[row.id], row.comment_id, _author_of(row), (row.created_at, row.id))
        for row in batch
    ]
    return known


def _author_of(row: Claimed) -> object:
    return _same_author(row.author_id, row.address_hash, row.author_name)


def _same_author(author_id: UUID | None, address: str | None, name: str) -> object:
    """What two comments of one author share. An address alone is not enough: offices have one."""
    return author_id or (address, name.casefold())


def _earlier(
    row: Claimed, fingerprint: int, known: Sequence[_Print], policy: Policy
) -> tuple[Earlier, ...]:
    window = timedelta(minutes=policy.repetition.window_minutes)
    author = _author_of(row)
    found = []
    for other in known:
        if other.comment_id == row.comment_id or other.sent >= (row.created_at, row.id):
            continue
        alike = similarity(fingerprint, other.fingerprint)
        before = row.created_at - other.sent[0]
        if alike >= policy.repetition.similarity and before <= window:
            same = other.author == author
            minutes = before.total_seconds() / 60
            found.append(Earlier(str(other.comment_id), alike, same, minutes))
    found.sort(key=lambda one: (not one.by_same_author, -one.similarity))
    return tuple(found[:MOST_EARLIER])
