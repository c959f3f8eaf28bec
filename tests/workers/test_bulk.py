"""One decision on many comments: made once each, in spite of whatever happens, and undone."""

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.actions import bulk, deciding, undoing
from service.actions.bulk import Wanted
from service.actions.deciding import Decided, Outcome
from service.actions.errors import IllegalMove, NotFound, StateMoved
from service.bell import SilentBell
from service.domain.batches import Stage
from service.domain.ids import first_id_of
from service.domain.states import Actor, State
from service.store import batches, filters, queue
from service.store.batch_tables import Batch, BatchItem
from service.store.db import session_at
from service.store.models import Comment, Decision, Revision, Thread
from service.store.queue_filters import Filters
from tests.service.store.queued import Queued, fill, site_of
from workers import bulk as workers_bulk

HELD = Filters(sites=None, state=State.HELD)
BELL = SilentBell()


def held(session: Session, count: int, **changes: object) -> list[UUID]:
    comments = [Queued(page=f"page-{n % 7}", **changes) for n in range(count)]
    return fill(session, site_of(session), comments)


def propose(session: Session, filters: Filters = HELD, to: State = State.APPROVED) -> UUID:
    chosen, is_cut = bulk.choose(session, filters)
    return bulk.propose(session, chosen, Wanted(to), by="ann", is_cut=is_cut)


def finish(session: Session, batch: UUID) -> dict[str | None, int]:
    bulk.run(session, BELL, batch)
    while workers_bulk.work(session, BELL):
        pass
    return batches.outcomes(session, batch)


def states(session: Session, ids: Sequence[UUID]) -> list[State]:
    rows = session.execute(select(Revision.id, Revision.state).where(Revision.id.in_(ids)))
    by_id = {row.id: row.state for row in rows}
    session.rollback()
    return [by_id[id] for id in ids]


def decide(session: Session, id: UUID, seen: State, to: State, by: str = "ben") -> UUID:
    comment = session.get_one(Revision, id).comment_id
    [result] = deciding.decide(session, BELL, [Decided(comment, id, seen, to)], by=by, sites=None)
    assert result.outcome is Outcome.MOVED
    assert result.decision is not None
    return result.decision


def test_a_batch_is_frozen_decided_on_and_undone(session: Session, news: str) -> None:
    ids = held(session, 250)
    batch = propose(session)
    assert batches.states(session, batch) == {"held": 250}
    assert len(batches.sample(session, batch)) == 20
    later = fill(session, site_of(session), [Queued(page="later")])
    decide(session, ids[3], State.HELD, State.SPAM)
    assert finish(session, batch) == {"moved": 249, "conflict": 1}
    assert states(session, later) == [State.HELD]
    assert session.scalar(select(func.sum(Thread.comment_count))) == 249
    decide(session, ids[4], State.APPROVED, State.REJECTED)
    undone = bulk.undo(session, BELL, batch, by="ann")
    assert finish(session, undone) == {"moved": 248, "conflict": 1}
    expected = [State.HELD] * 250
    expected[3], expected[4] = State.SPAM, State.REJECTED
    assert states(session, ids) == expected
    assert session.scalar(select(func.sum(Thread.comment_count))) == 0
    assert session.get_one(Batch, undone).stage == Stage.DONE
    results = batches.results(session, undone, outcomes=["conflict"], after=-1, limit=10)
    assert [(row.BatchItem.revision_id, row.by) for row in results] == [(ids[4], "ben")]
    with pytest.raises(IllegalMove):
        bulk.undo(session, BELL, undone, by="ann")


def test_what_can_be_done_to_none_is_refused(session: Session, news: str) -> None:
    held(session, 2, state=State.SPAM)
    with pytest.raises(IllegalMove):
        propose(session, replace(HELD, state=State.SPAM), State.REJECTED)
    with pytest.raises(IllegalMove):
        propose(session, replace(HELD, state=State.REJECTED))


def test_a_cancelled_batch_stays_where_it_is_and_can_be_undone(session: Session, news: str) -> None:
    ids = held(session, 30)
    batch = propose(session, to=State.REJECTED)
    bulk.run(session, BELL, batch)
    assert bulk.work(session, BELL, batch, size=10)
    with pytest.raises(IllegalMove):
        bulk.undo(session, BELL, batch, by="ann")
    bulk.cancel(session, batch)
    assert not bulk.work(session, BELL, batch)
    assert states(session, ids) == [State.REJECTED] * 10 + [State.HELD] * 20
    undone = bulk.undo(session, BELL, batch, by="ann")
    assert finish(session, undone) == {"moved": 10}
    assert states(session, ids) == [State.HELD] * 30


def fork(url: str, batch: UUID) -> int:
    """A process that works on the batch until it is killed."""
    pid = os.fork()
    if pid == 0:
        with suppress(BaseException), session_at(url) as session:
            while True:
                bulk.work(session, BELL, batch, size=3)
        os._exit(1)
    return pid


def test_workers_that_are_killed_lose_and_double_nothing(
    session: Session, news: str, database_url: str
) -> None:
    ids = held(session, 400)
    batch = propose(session)
    bulk.run(session, BELL, batch)
    for seconds in (0.2, 0.35, 0.5):
        workers = [fork(database_url, batch) for _ in range(2)]
        time.sleep(seconds)
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    assert finish(session, batch) == {"moved": 400}
    decided = session.scalars(
        select(Decision.revision_id).where(Decision.actor == Actor.MODERATOR)
    ).all()
    assert sorted(decided) == sorted(ids)
    assert session.scalar(select(func.sum(Thread.comment_count))) == 400


def test_a_batch_that_always_breaks_off_fails_in_the_end(session: Session, news: str) -> None:
    held(session, 1)
    batch = propose(session)
    bulk.run(session, BELL, batch)
    for _ in range(100):
        if bulk.begin(session) is None:
            break
    assert session.get_one(Batch, batch, populate_existing=True).stage == Stage.FAILED


def test_one_decision_is_undone_unless_somebody_was_there_since(
    session: Session, news: str
) -> None:
    [id] = held(session, 1)
    first = decide(session, id, State.HELD, State.REJECTED)
    result = undoing.undo_one(session, BELL, first, by="ann", sites=None)
    assert (result.outcome, result.state) == (Outcome.MOVED, State.HELD)
    assert filters.lessons(session, site_of(session), most=10) == []
    session.rollback()
    with pytest.raises(StateMoved) as told:
        undoing.undo_one(session, BELL, first, by="ben", sites=None)
    assert (told.value.state, told.value.by) == ("held", "ann")
    decide(session, id, State.HELD, State.REJECTED)
    with pytest.raises(StateMoved):  # it is rejected again, but by another decision
        undoing.undo_one(session, BELL, first, by="ben", sites=None)
    assert len(filters.lessons(session, site_of(session), most=10)) == 1
    session.rollback()
    for sites in ([], [id]):
        with pytest.raises(NotFound):
            undoing.undo_one(session, BELL, first, by="ben", sites=sites)
    assert result.decision is not None
    with pytest.raises(IllegalMove):
        undoing.undo_one(session, BELL, result.decision, by="ann", sites=None)


def screened_ahead(session: Session, id: UUID) -> None:
    """As if held by a worker whose clock was an hour ahead."""
    revision = session.get_one(Revision, id)
    session.add(
        Decision(
            id=first_id_of(datetime.now(UTC) + timedelta(hours=1)), revision_id=id,
            comment_id=revision.comment_id, site_id=revision.site_id, start=State.RECEIVED,
            target=State.HELD, actor=Actor.SCREENING, by="screening",
        )
    )  # fmt: skip
    session.commit()


def test_what_is_decided_last_is_the_last_also_when_a_clock_was_ahead(
    session: Session, news: str
) -> None:
    [id] = held(session, 1)
    screened_ahead(session, id)
    rejected = decide(session, id, State.HELD, State.REJECTED)
    undone = undoing.undo_one(session, BELL, rejected, by="ann", sites=None)
    assert (undone.outcome, undone.state) == (Outcome.MOVED, State.HELD)
    comment = session.get_one(Revision, id).comment_id
    made = [State(one.target) for one in queue.decisions(session, comment)]
    assert made == [State.HELD, State.REJECTED, State.HELD]
    assert filters.lessons(session, site_of(session), most=10) == []


def test_with_an_edits_approval_the_text_before_it_comes_back(session: Session, news: str) -> None:
    [first] = held(session, 1)
    decide(session, first, State.HELD, State.APPROVED)
    revision = session.get_one(Revision, first)
    second = Revision(
        site_id=revision.site_id, thread_id=revision.thread_id, comment_id=revision.comment_id,
        number=2, body="B", body_html="B", render_version=1, state=State.HELD,
    )  # fmt: skip
    session.add(second)
    session.commit()
    screened_ahead(session, second.id)
    approval = decide(session, second.id, State.HELD, State.APPROVED)
    assert states(session, [first, second.id]) == [State.SUPERSEDED, State.APPROVED]
    undoing.undo_one(session, BELL, approval, by="ann", sites=None)
    assert states(session, [first, second.id]) == [State.APPROVED, State.HELD]
    comment = session.get_one(Comment, revision.comment_id, populate_existing=True)
    assert comment.public_revision_id == first
    assert session.scalar(select(Thread.comment_count)) == 1


def test_only_so_many_go_into_one_batch_and_old_ones_are_forgotten(
    session: Session, news: str
) -> None:
    held(session, 3)
    batch = propose(session)
    assert batches.forget(session, proposed_days=1, ended_days=30) == 0
    assert batches.forget(session, proposed_days=-1, ended_days=30) == 1
    session.commit()
    assert batches.find(session, batch) is None
    assert session.scalar(select(func.count()).select_from(BatchItem)) == 0
    assert queue.waiting(session, None) == 3
