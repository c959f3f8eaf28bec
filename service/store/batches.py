"""Batches of decisions: what each is about, and how far it is."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from service.domain.batches import ENDED, MOST_ATTEMPTS, Stage
from service.domain.states import State
from service.store.batch_tables import NOT_DONE, Batch, BatchItem
from service.store.db import AnyRow, now
from service.store.models import Decision, Revision

ITEMS = cast(Table, BatchItem.__table__)
DUE = select(exists().where(Batch.stage == Stage.RUNNING))
NOTE = (
    update(ITEMS)
    .where(ITEMS.c.batch_id == bindparam("batch"), ITEMS.c.number == bindparam("place"))
    .values(outcome=bindparam("what"), decision_id=bindparam("made"))
)
SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """A revision, as it was seen."""

    site_id: UUID
    comment_id: UUID
    revision_id: UUID
    seen: State
    decision_id: UUID | None = None  # the one to undo


def add(session: Session, batch: Batch, chosen: Sequence[Chosen]) -> None:
    batch.total = len(chosen)
    session.add(batch)
    session.flush()
    if chosen:
        session.connection().execute(
            insert(ITEMS),
            [
                {
                    "batch_id": batch.id, "number": number, "site_id": one.site_id,
                    "comment_id": one.comment_id, "revision_id": one.revision_id,
                    "seen": one.seen, "decision_id": one.decision_id,
                }
                for number, one in enumerate(chosen)
            ],
        )  # fmt: skip


def seen(session: Session, revision_ids: Sequence[UUID]) -> list[Chosen]:
    """As they are now, in the same order."""
    rows = session.execute(
        select(Revision.site_id, Revision.comment_id, Revision.id, Revision.state).where(
            Revision.id.in_(revision_ids)
        )
    )
    by_id = {row.id: Chosen(row.site_id, row.comment_id, row.id, State(row.state)) for row in rows}
    return [by_id[id] for id in revision_ids if id in by_id]


def find(session: Session, batch_id: UUID) -> Batch | None:
    return session.get(Batch, batch_id, populate_existing=True)


def newest(session: Session, *, by: str, most: int) -> Sequence[Batch]:
    """Of one moderator."""
    return session.scalars(
        select(Batch).where(Batch.by == by).order_by(Batch.id.desc()).limit(most)
    ).all()


def sites_of(session: Session, batch_id: UUID) -> set[UUID]:
    query = select(BatchItem.site_id).where(BatchItem.batch_id == batch_id).distinct()
    return set(session.scalars(query))


def outcomes(session: Session, batch_id: UUID) -> dict[str | None, int]:
    """How many items came to what; None: nothing yet."""
    rows = session.execute(
        select(BatchItem.outcome, func.count())
        .where(BatchItem.batch_id == batch_id)
        .group_by(BatchItem.outcome)
    )
    return {outcome: count for outcome, count in rows}  # noqa: C416 - rows are not pairs to mypy


def states(session: Session, batch_id: UUID) -> dict[str, int]:
    """How many items were seen in which state."""
    rows = session.scalars(select(BatchItem.seen).where(BatchItem.batch_id == batch_id))
    return dict(Counter(rows))


def sample(session: Session, batch_id: UUID) -> Sequence[UUID]:
    """Revisions spread evenly over the batch."""
    total = select(func.count()).where(BatchItem.batch_id == batch_id).scalar_subquery()
    step = (total + SAMPLE - 1) // SAMPLE
    query = (
        select(BatchItem.revision_id)
        .where(BatchItem.batch_id == batch_id, BatchItem.number % step == 0)
        .order_by(BatchItem.number)
    )
    return session.scalars(query.limit(SAMPLE)).all()


def results(
    session: Session, batch_id: UUID, *, outcomes: Collection[str], after: int, limit: int
) -> Sequence[AnyRow]:
    """Items with what became of them, and with who decided last on the revision, and when."""
    last = (
        select(Decision.id)
        .where(Decision.revision_id == BatchItem.revision_id)
        .order_by(Decision.id.desc())
        .limit(1)
        .correlate(BatchItem)
        .scalar_subquery()
    )
    query = (
        select(BatchItem, Revision.state, Decision.by, Decision.created_at)
        .outerjoin(Revision, Revision.id == BatchItem.revision_id)
        .outerjoin(Decision, Decision.id == last)
        .where(BatchItem.batch_id == batch_id, BatchItem.number > after)
        .order_by(BatchItem.number)
        .limit(limit)
    )
    if outcomes:
        query = query.where(BatchItem.outcome.in_(outcomes))
    return session.execute(query).all()


def are_due(session: Session) -> bool:
    return session.connection().execute(DUE).scalar_one()


def start(session: Session, batch_id: UUID) -> bool:
    """Whether it was only proposed until now."""
    return _move(session, batch_id, Stage.PROPOSED, stage=Stage.RUNNING, started_at=now())


def end(session: Session, batch_id: UUID, start: Stage, stage: Stage) -> bool:
    return _move(session, batch_id, start, stage=stage, ended_at=now())


def _move(session: Session, batch_id: UUID, start: Stage, **values: Any) -> bool:
    moved = session.execute(
        update(Batch)
        .where(Batch.id == batch_id, Batch.stage == start)
        .values(**values)
        .returning(Batch.id)
    )
    return moved.one_or_none() is not None


def begin(session: Session) -> UUID | None:
    """The running batch that has waited the longest, with one more attempt on its account."""
    query = select(Batch.id).where(Batch.stage == Stage.RUNNING).order_by(Batch.id).limit(1)
    batch_id = session.scalar(query.with_for_update(skip_locked=True))
    if batch_id is None:
        return None
    attempts = session.execute(
        update(Batch)
        .where(Batch.id == batch_id)
        .values(attempts=Batch.attempts + 1)
        .returning(Batch.attempts)
    ).scalar_one()
    if attempts > MOST_ATTEMPTS:
        end(session, batch_id, Stage.RUNNING, Stage.FAILED)
        return None
    return batch_id


def piece(session: Session, batch_id: UUID, *, size: int) -> Sequence[BatchItem]:
    """Items to decide on that no other process has in hand; they stay so until the commit."""
    query = (
        select(BatchItem)
        .where(BatchItem.batch_id == batch_id, NOT_DONE)
        .order_by(BatchItem.number)
        .limit(size)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(query.execution_options(populate_existing=True)).all()


def note(session: Session, batch_id: UUID, results: Mapping[int, tuple[str, UUID | None]]) -> None:
    """By the items' numbers: the outcome, and the decision that was made."""
    rows = [
        {"batch": batch_id, "place": number, "what": outcome, "made": decision}
        for number, (outcome, decision) in results.items()
    ]
    session.connection().execute(NOTE, rows)
    session.execute(update(Batch).where(Batch.id == batch_id).values(attempts=0))


def is_done(session: Session, batch_id: UUID) -> bool:
    """Also when others have the rest in hand it is not."""
    left = exists().where(BatchItem.batch_id == batch_id, NOT_DONE)
    return session.scalar(select(left)) is False


def made(session: Session, batch_id: UUID) -> list[Chosen]:
    """What was moved, as it has been since, and the decisions that did it."""
    rows = session.execute(
        select(BatchItem, Decision.target)
        .join(Decision, Decision.id == BatchItem.decision_id)
        .where(BatchItem.batch_id == batch_id, BatchItem.outcome == "moved")
        .order_by(BatchItem.number)
    )
    return [
        Chosen(item.site_id, item.comment_id, item.revision_id, State(target), item.decision_id)
        for item, target in rows
    ]


def blank(session: Session, comment_ids: Collection[UUID]) -> None:
    """What was said and asked for, of batches that have ended and were about these comments."""
    about = select(BatchItem.batch_id).where(BatchItem.comment_id.in_(comment_ids))
    session.execute(
        update(Batch)
        .where(Batch.id.in_(about), Batch.stage.in_(ENDED))
        .values(note=None, message=None, asked=null())
    )


def forget(session: Session, *, proposed_days: int, ended_days: int) -> int:
    """Delete what nobody ran, and what ended long ago; answers how many."""
    old = or_(
        and_(Batch.stage == Stage.PROPOSED, Batch.created_at < now(-proposed_days * 86_400)),
        and_(Batch.stage.in_(ENDED), Batch.ended_at < now(-ended_days * 86_400)),
    )
    return len(session.execute(delete(Batch).where(old).returning(Batch.id)).all())
