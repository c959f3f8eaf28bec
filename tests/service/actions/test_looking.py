"""Many moderators on one queue: nothing is lost, nothing is decided twice."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm import Session

from service.actions import deciding, looking
from service.actions.deciding import Decided, Outcome, Result
from service.bell import SilentBell
from service.domain.states import Actor, State
from service.store import looks, queue
from service.store.audit import Kind
from service.store.audit_tables import AuditEntry
from service.store.db import now
from service.store.looks import Look
from service.store.models import Decision, Revision
from service.store.queue import Order
from service.store.queue_filters import Filters
from tests.service.store.queued import Queued, fill, site_of

HELD = Filters(sites=None, state=State.HELD)
COMMENTS, CLIENTS, TAKEN = 300, 50, 7


def take(session: Session, by: str, **changes: object) -> list[UUID]:
    how = {"limit": TAKEN, "order": Order.AGE, "after": None, "but": []} | changes
    return list(looking.take_next(session, HELD, by=by, **how)[0])


def decide(session: Session, lines: list[Decided], by: str) -> list[Result]:
    return deciding.decide(session, SilentBell(), lines, by=by, sites=None)


Answer = TypeVar("Answer")


def patiently(session: Session, ask: Callable[[], Answer]) -> Answer:
    """Who is told that the service is too busy asks again: what they asked has not happened."""
    while True:
        try:
            return ask()
        except (OperationalError, TimeoutError):
            session.rollback()


@pytest.fixture
def ids(session: Session, news: str) -> list[UUID]:
    pages = [Queued(page=f"page-{number % 9}") for number in range(COMMENTS)]
    return fill(session, site_of(session), pages)


def test_fifty_clients_lose_nothing_and_double_nothing(
    session: Session, engine: Engine, ids: list[UUID]
) -> None:
    rows = session.execute(select(Revision.id, Revision.comment_id)).all()
    comments = {row.id: row.comment_id for row in rows}
    session.rollback()

    def work(number: int) -> Counter[str]:
        by, outcomes = f"client {number}", Counter[str]()
        with Session(engine, expire_on_commit=False) as own:
            while taken := patiently(own, partial(take, own, by)):
                lines = [Decided(comments[id], id, State.HELD, State.APPROVED) for id in taken]
                results = patiently(own, partial(decide, own, lines, by))
                outcomes.update(result.outcome for result in results)
        return outcomes

    with ThreadPoolExecutor(CLIENTS) as pool:
        outcomes = sum(pool.map(work, range(CLIENTS)), Counter[str]())
    assert outcomes == {Outcome.MOVED: COMMENTS}
    decided = session.scalars(
        select(Decision.revision_id).where(Decision.actor == Actor.MODERATOR)
    ).all()
    assert sorted(decided) == sorted(ids)
    logged = select(func.count()).where(AuditEntry.kind == Kind.DECISION)
    assert session.scalar(logged) == COMMENTS
    assert queue.waiting(session, None) == 0


def test_each_is_given_others(session: Session, ids: list[UUID]) -> None:
    ann, ben = take(session, "ann"), take(session, "ben")
    assert (ann, ben) == (ids[:TAKEN], ids[TAKEN : 2 * TAKEN])
    assert take(session, "ann") == ann
    assert take(session, "ann", but=ann) == ids[2 * TAKEN : 3 * TAKEN]
    looking.let_go(session, by="ben")
    assert take(session, "cem") == ben


def test_what_nobody_renews_is_free_again(session: Session, ids: list[UUID]) -> None:
    ann = take(session, "ann")
    session.execute(update(Look).where(Look.revision_id.in_(ann[2:])).values(until=now(-1)))
    session.commit()
    assert set(looks.of(session, ann)) == set(ann[:2])
    ben = take(session, "ben")
    assert ben[: TAKEN - 2] == ann[2:]
    assert set(looking.renew(session, ann, by="ann", sites=None)) == set(ann[:2])
    assert list(looking.renew(session, ann, by="ann", sites=[])) == []
    session.execute(update(Look).values(until=now(-1)))
    session.commit()
    assert looking.forget(session) == len({*ann, *ben})


def test_a_look_is_over_when_the_clock_was_set_back_since(
    session: Session, ids: list[UUID]
) -> None:
    ann = take(session, "ann")
    session.execute(update(Look).values(until=now(3600)))
    session.commit()
    assert looks.of(session, ann) == {}
    assert take(session, "ben") == ann
    assert take(session, "ann") != ann


def test_a_look_forbids_nobody_to_decide(session: Session, ids: list[UUID]) -> None:
    [id] = take(session, "ann", limit=1)
    comment = session.get_one(Revision, id).comment_id
    line = Decided(comment, id, State.HELD, State.SPAM)
    [result] = deciding.decide(session, SilentBell(), [line], by="ben", sites=None)
    assert result.outcome is Outcome.MOVED
    assert take(session, "ann", limit=1) == ids[1:2]
