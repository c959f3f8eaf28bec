"""Bulk: one decision on many comments, looked at first, made piece by piece, and undone as a whole.

A piece is one transaction of the decisions and of the note that they are made, so that whatever
kills a worker, nothing is done twice and nothing is forgotten.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions import deciding, reasons, undoing
from service.actions.deciding import Decided, Result
from service.actions.errors import IllegalMove, NotFound
from service.bell import Bell
from service.domain.batches import ENDED, MOST, PIECE, Stage
from service.domain.states import Actor, State, may_move
from service.store import batches, changes, queue
from service.store.batch_tables import Batch, BatchItem
from service.store.batches import Chosen
from service.store.db import begin_write
from service.store.queue_filters import Filters

log = logging.getLogger(__name__)

TOGETHER = 1_000  # are looked up at once
PROPOSED_DAYS, ENDED_DAYS = 1, 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be decided on all of them."""

    to: State
    reason: str | None = None
    note: str | None = None
    message: str | None = None


def choose(session: Session, filters: Filters) -> tuple[list[Chosen], bool]:
    """What matches now, in the order of the queue; and whether there is more than a batch takes."""
    chosen: list[Chosen] = []
    after: UUID | None = None
    while True:
        found, after = queue.ids(session, filters, after=after, limit=TOGETHER)
        chosen += [one for one in batches.seen(session, found) if one.seen is filters.state]
        if after is None or len(chosen) > MOST:
            return chosen[:MOST], len(chosen) > MOST


def propose(
    session: Session,
    chosen: Sequence[Chosen],
    wanted: Wanted,
    *,
    by: str,
    asked: Mapping[str, Any] | None = None,
    is_cut: bool = False,
) -> UUID:
    """Nothing happens yet. Raises IllegalMove where nothing could, and UnknownReason."""
    if not any(may_move(Actor.MODERATOR, one.seen, wanted.to) for one in chosen):
        raise IllegalMove(f"None of these comments can be made {wanted.to}.")
    for policy in reasons.policies(session, {one.site_id for one in chosen}).values():
        reasons.told(policy, reason=wanted.reason, to=wanted.to, message=wanted.message)
    batch = Batch(
        by=by,
        target=wanted.to,
        reason=wanted.reason,
        note=wanted.note,
        message=wanted.message,
        asked=dict(asked) if asked is not None else None,
        is_cut=is_cut,
    )
    begin_write(session)
    batches.add(session, batch, chosen)
    session.commit()
    return batch.id


def run(session: Session, bell: Bell, batch_id: UUID) -> None:
    """Let workers begin. Nothing happens to a batch that runs or has ended."""
    begin_write(session)
    batches.start(session, batch_id)
    session.commit()
    bell.ring()


def cancel(session: Session, batch_id: UUID) -> None:
    """What was decided until then stays decided, and can be undone."""
    begin_write(session)
    for stage in (Stage.PROPOSED, Stage.RUNNING):
        batches.end(session, batch_id, stage, Stage.CANCELLED)
    session.commit()


def undo(session: Session, bell: Bell, batch_id: UUID, *, by: str) -> UUID:
    """A batch of its own, which runs at once. Raises NotFound or IllegalMove."""
    begin_write(session)
    undone = batches.find(session, batch_id)
    if undone is None:
        raise NotFound
    if undone.stage not in ENDED:
        raise IllegalMove("This has not ended yet. Cancel it first, or wait.")
    chosen = batches.made(session, batch_id) if undone.undoes is None else []
    if not chosen:
        raise IllegalMove("There is nothing here that could be undone.")
    batch = Batch(by=by, undoes=batch_id)
    batches.add(session, batch, chosen)
    batches.start(session, batch.id)
    session.commit()
    bell.ring()
    return batch.id


def begin(session: Session) -> UUID | None:
    """A batch to work on. One that broke off too often has failed."""
    begin_write(session)
    batch_id = batches.begin(session)
    session.commit()
    return batch_id


def work(session: Session, bell: Bell, batch_id: UUID, *, size: int = PIECE) -> bool:
    """Decide on the next piece; answers whether there was one."""
    begin_write(session)
    batch = batches.find(session, batch_id)
    if batch is None or batch.stage != Stage.RUNNING:
        items: Sequence[BatchItem] = []
    else:
        items = batches.piece(session, batch_id, size=size)
        if items:
            results = (
                _undone(session, batch, items) if batch.undoes else _made(session, batch, items)
            )
            batches.note(session, batch_id, results)
        elif batches.is_done(session, batch_id):
            batches.end(session, batch_id, Stage.RUNNING, Stage.DONE)
    session.commit()
    bell.tell(changes.noted(session))
    return bool(items)


def has_ended(session: Session, batch_id: UUID) -> bool:
    batch = batches.find(session, batch_id)
    session.rollback()
    return batch is None or batch.stage in ENDED


Results = dict[int, tuple[str, UUID | None]]


def _made(session: Session, batch: Batch, items: Sequence[BatchItem]) -> Results:
    lines = [
        Decided(
            item.comment_id,
            item.revision_id,
            State(item.seen),
            State(str(batch.target)),
            reason=batch.reason,
            note=batch.note,
            message=batch.message,
        )
        for item in items
    ]
    results = deciding.apply(session, lines, by=batch.by, sites=None)
    return _results(items, results)


def _undone(session: Session, batch: Batch, items: Sequence[BatchItem]) -> Results:
    decisions = [item.decision_id for item in items if item.decision_id]
    undone = undoing.apply(session, decisions, by=batch.by, sites=None)
    return _results(items, [undone[item.decision_id] for item in items if item.decision_id])


def _results(items: Sequence[BatchItem], results: Sequence[Result]) -> Results:
    return {
        item.number: (result.outcome, result.decision)
        for item, result in zip(items, results, strict=True)
    }


def forget(session: Session) -> int:
    """Delete proposals of yesterday and what ended a month ago; answers how many."""
    begin_write(session)
    forgotten = batches.forget(session, proposed_days=PROPOSED_DAYS, ended_days=ENDED_DAYS)
    session.commit()
    return forgotten


def may_see(session: Session, batch_id: UUID, sites: Collection[UUID] | None) -> bool:
    return sites is None or batches.sites_of(session, batch_id) <= set(sites)
