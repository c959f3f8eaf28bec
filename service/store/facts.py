"""What checks want to know of the site's past, gathered for a whole batch in a few queries."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from service.domain.fingerprint import near, similarity
from service.domain.policy import Mode, Policy
from service.domain.states import State
from service.domain.submission import Earlier, Facts
from service.store import past, raids, standings
from service.store.claims import Claimed
from service.store.db import AnySelect
from service.store.models import Comment, Decision, Revision
from service.store.past import IS_REFUSAL, Record
from service.store.windows import Moment, look_back

MOST_COMPARED = 5_000  # texts of one site, the newest first, against which a new one is held
MOST_EARLIER = 10
NO_RECORD = Record()  # of who gave no address

COMMENTS, REVISIONS = cast(Table, Comment.__table__), cast(Table, Revision.__table__)
APPROVED = (
    select(COMMENTS.c.author_id, func.count())
    .where(
        COMMENTS.c.author_id.in_(bindparam("authors", expanding=True)),
        COMMENTS.c.public_revision_id.is_not(None),
    )
    .group_by(COMMENTS.c.author_id)
)
REFUSED = (
    select(COMMENTS.c.author_id, func.count())
    .join(REVISIONS, REVISIONS.c.comment_id == COMMENTS.c.id)
    .where(
        COMMENTS.c.author_id.in_(bindparam("authors", expanding=True)),
        REVISIONS.c.state.in_([State.REJECTED, State.SPAM]),
    )
    .group_by(COMMENTS.c.author_id)
)
REJECTED = select(Decision.comment_id).where(
    Decision.comment_id.in_(bindparam("comments", expanding=True)), IS_REFUSAL
)
PRINTED = (
    (REVISIONS.c.site_id == bindparam("site"))
    & (REVISIONS.c.created_at > bindparam("since"))
    & (REVISIONS.c.created_at <= bindparam("until"))
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
    authors = _values(batch, "author_id")
    approved, refused = _counted(session, APPROVED, authors), _counted(session, REFUSED, authors)
    rejected = _rejected_before(session, [row.comment_id for row in batch if row.number > 1])
    return _gather(
        session,
        batch,
        policy,
        prints,
        records={row.id: Record(approved[row.author_id], refused[row.author_id]) for row in batch},
        rejected={row.id for row in batch if row.comment_id in rejected},
        raided=raids.around(session, batch, policy.raid),
        at=None,
    )


def gather_as_of_then(
    session: Session, batch: Sequence[Claimed], policy: Policy, prints: Mapping[UUID, int]
) -> dict[UUID, Facts]:
    """The same for revisions of the past, as far as the log of decisions tells what was known."""
    return _gather(
        session,
        batch,
        policy,
        prints,
        records=past.records_before(session, batch),
        rejected=past.refused_before(session, batch),
        raided=raids.around(session, batch, policy.raid, of_then=True),
        at={row.id: row.created_at for row in batch},
    )


def _gather(
    session: Session,
    batch: Sequence[Claimed],
    policy: Policy,
    prints: Mapping[UUID, int],
    *,
    records: Mapping[UUID, Record],
    rejected: Collection[UUID],
    raided: Mapping[UUID, str],
    at: Mapping[UUID, datetime] | None,
) -> dict[UUID, Facts]:
    window = timedelta(minutes=policy.flood.window_minutes)
    authors = look_back(session, "author_id", batch, window)
    addresses = look_back(session, "address_hash", batch, window)
    threads = look_back(session, "thread_id", batch, window)
    known = _prints(session, batch, policy, prints)
    stood = standings.of_batch(session, batch, at=at)
    return {
        row.id: Facts(
            thread_mode=Mode(row.thread_mode or policy.mode),
            raid=raided.get(row.id),
            author_approved=records.get(row.id, NO_RECORD).approved,
            author_rejected=records.get(row.id, NO_RECORD).refused,
            author_in_window=authors.before(row),
            address_in_window=addresses.before(row),
            thread_in_window=threads.before(row),
            rejected_before=row.id in rejected,
            earlier=_earlier(row, prints[row.id], known, policy),
            standings=stood.get(row.id, ()),
        )
        for row in batch
    }


def _values(batch: Iterable[Claimed], name: str) -> list[Any]:
    return [value for value in {getattr(row, name) for row in batch} if value is not None]


def _counted(session: Session, of: AnySelect, authors: list[UUID]) -> Counter[UUID | None]:
    if not authors:
        return Counter()
    rows = session.connection().execute(of, {"authors": authors})
    return Counter({author: count for author, count in rows})  # noqa: C416 - rows are not pairs to mypy


def _rejected_before(session: Session, comments: list[UUID]) -> set[UUID]:
    """Comments of which a moderator rejected some version, or that readers' reports held."""
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
        "until": max(row.created_at for row in batch),
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
            if row.id not in prints
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
    author, sent = _author_of(row), (row.created_at, row.id)
    found = []
    for other in known:
        if other.sent >= sent or other.comment_id == row.comment_id:
            continue
        alike = similarity(fingerprint, other.fingerprint)
        before = row.created_at - other.sent[0]
        if alike >= policy.repetition.similarity and before <= window:
            same = other.author == author
            minutes = before.total_seconds() / 60
            found.append(Earlier(str(other.comment_id), alike, same, minutes))
    found.sort(key=lambda one: (not one.by_same_author, -one.similarity))
    return tuple(found[:MOST_EARLIER])
