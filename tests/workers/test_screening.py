"""Claims, leases and attempts: every revision is judged, and none harms another."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session

from service.actions import claiming, deciding, sites
from service.actions.posting import post_comments
from service.actions.posts import NewComment, prepare
from service.bell import SilentBell
from service.config import Settings
from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.states import State
from service.domain.submission import Submission
from service.processes import JUDGING
from service.store import claims
from service.store import sites as stored_sites
from service.store.db import now
from service.store.models import Decision, Revision
from tests.factories import SECRET, post, queue, store
from workers.screening import screen, screen_while_busy

Judge = Callable[..., int]


class Counting(SilentBell):
    """A bell that notes how often it was rung."""

    rung = 0

    def ring(self) -> None:
        self.rung += 1


class Died(BaseException):
    """Stands for a process that ended in the middle of a check."""


def dying(submission: Submission, _policy: Policy) -> Finding:
    if "poison" in submission.body:
        raise Died
    return Finding("dying")


def fill(session: Session, count: int, *, poison_at: int | None = None) -> None:
    sites.add_site(session, key="s", name="S", origins=[], by="test")
    for number in range(count):
        body = "poison" if number == poison_at else f"Comment {number}"
        store(session, site="s", body=body)


def end_leases(session: Session) -> None:
    session.execute(update(Revision).values(lease_until=now(-1)).where(Revision.attempts > 0))
    session.commit()


def states(session: Session) -> dict[str, int]:
    session.rollback()
    rows = session.execute(select(Revision.state, func.count()).group_by(Revision.state))
    return {str(row[0]): row[1] for row in rows}


def test_the_oldest_are_taken_first_and_only_so_many(session: Session) -> None:
    fill(session, 5)
    first = claiming.claim_fresh(session, batch=3, lease_seconds=60)
    second = claiming.claim_fresh(session, batch=3, lease_seconds=60)
    assert [row.body for row in first] == ["Comment 0", "Comment 1", "Comment 2"]
    assert [row.body for row in second] == ["Comment 3", "Comment 4"]
    assert claiming.claim_suspects(session, batch=3, lease_seconds=60) == []
    assert not claims.are_waiting(session, lease_seconds=60)


def test_many_workers_never_take_the_same_revision(engine: Engine, session: Session) -> None:
    fill(session, 60)

    def claim(_: int) -> list[Any]:
        with Session(engine) as own:
            rows = claiming.claim_fresh(own, batch=5, lease_seconds=60)
            return [row.id for row in rows]

    with ThreadPoolExecutor(6) as pool:
        taken = [revision for rows in pool.map(claim, range(24)) for revision in rows]
    assert len(taken) == len(set(taken))
    while rows := claim(0):
        taken += rows
    assert len(taken) == len(set(taken)) == 60


def test_poison_harms_only_itself_and_ends_with_a_person(
    session: Session, settings: Settings
) -> None:
    fill(session, 9, poison_at=4)
    with pytest.raises(Died):
        screen(session, SilentBell(), settings, [dying])
    session.rollback()
    assert states(session) == {"received": 9}
    for _ in range(9):
        end_leases(session)
        try:
            screen(session, SilentBell(), settings, [dying])
        except Died:
            session.rollback()
        if states(session).get("received", 0) <= 1:
            break
    for _ in range(3):
        end_leases(session)
        try:
            screen(session, SilentBell(), settings, [dying])
        except Died:
            session.rollback()
    assert states(session) == {"approved": 8, "held": 1}
    held = session.scalars(select(Revision).where(Revision.state == State.HELD)).one()
    assert (held.body, held.attempts, held.flags) == ("poison", claims.MAX_ATTEMPTS, ",screening,")
    decision = session.scalars(select(Decision).where(Decision.revision_id == held.id)).one()
    assert decision.findings is not None
    assert "3 times" in decision.findings[0]["reason"]


def test_a_suspect_is_judged_after_the_others_are_safe(
    session: Session, settings: Settings
) -> None:
    fill(session, 3, poison_at=0)
    claiming.claim_fresh(session, batch=1, lease_seconds=60)
    end_leases(session)
    with pytest.raises(Died):
        screen(session, SilentBell(), settings, [dying])
    assert states(session) == {"approved": 2, "received": 1}


def test_a_suspect_is_alone_until_whole_batches_of_them_wait(session: Session) -> None:
    """Judges that are killed leave more than could be judged one by one."""
    fill(session, 30)
    claiming.claim_fresh(session, batch=30, lease_seconds=60)
    end_leases(session)

    def taken(batch: int) -> int:
        return len(claiming.claim_suspects(session, batch=batch, lease_seconds=60))

    assert taken(31) == 1
    assert [taken(12), taken(12)] == [3, 3]
    assert taken(4) == 4


def test_what_two_judges_did_not_come_back_from_is_alone(session: Session) -> None:
    fill(session, 4)
    claiming.claim_fresh(session, batch=4, lease_seconds=60)
    end_leases(session)
    claiming.claim_suspects(session, batch=2, lease_seconds=60)
    end_leases(session)
    taken = [claiming.claim_suspects(session, batch=2, lease_seconds=60) for _ in range(3)]
    assert [len(rows) for rows in taken] == [1, 1, 2]


def test_a_lease_protects_until_it_ends(session: Session, settings: Settings) -> None:
    fill(session, 1)
    claiming.claim_fresh(session, batch=1, lease_seconds=settings.lease_seconds)
    assert screen(session, SilentBell(), settings, [dying]) == 0
    end_leases(session)
    assert screen(session, SilentBell(), settings, [dying]) == 1
    assert states(session) == {"approved": 1}


def test_a_lease_of_a_clock_that_was_ahead_is_over(session: Session, settings: Settings) -> None:
    fill(session, 1)
    claiming.claim_fresh(session, batch=1, lease_seconds=settings.lease_seconds + 3600)
    assert screen(session, SilentBell(), settings, [dying]) == 1
    assert states(session) == {"approved": 1}


def test_a_full_batch_rings_for_more_workers(session: Session, settings: Settings) -> None:
    fill(session, settings.batch_size + 1)
    bell = Counting()
    assert screen(session, bell, settings, [dying]) == settings.batch_size
    assert bell.rung == 1
    assert screen(session, bell, settings, [dying]) == 1
    assert bell.rung == 1


def test_a_process_takes_more_at_once_the_more_it_has_judged(
    session: Session, settings: Settings
) -> None:
    """One that is killed while it learns the sites leaves few undone."""
    fill(session, 30)
    batches: list[int] = []

    def counting(submission: Submission, _policy: Policy) -> Finding:
        session.rollback()
        claimed = session.scalars(select(Revision.id).where(Revision.attempts > 0)).all()
        batches.append(len(claimed))
        return dying(submission, _policy)

    judged = screen_while_busy(session, SilentBell(), settings, [counting])
    assert judged == 30
    assert sorted(set(batches)) == [5, 15, 30]


def test_two_judges_of_one_revision_decide_it_once(session: Session, settings: Settings) -> None:
    fill(session, 1)
    first = claiming.claim_fresh(session, batch=1, lease_seconds=60)
    end_leases(session)
    second = claiming.claim_suspects(session, batch=3, lease_seconds=60)
    judgements = [
        deciding.Judgement(rows[0], [Finding("x", verdict)], 1)
        for rows, verdict in ((first, Verdict.HOLD), (second, Verdict.PASS))
    ]
    assert deciding.record(session, SilentBell(), judgements[:1]) == 1
    assert deciding.record(session, SilentBell(), judgements[1:]) == 0
    assert states(session) == {"held": 1}
    assert session.scalar(select(func.count(Decision.id))) == 1


def test_a_failing_check_holds_and_says_so(
    client: FlaskClient, judge: Judge, bearer: dict[str, str]
) -> None:
    def check_broken(_submission: Submission, _policy: Policy) -> Finding:
        raise ZeroDivisionError("quotes the comment")

    post(client)
    judge(checks=(check_broken,))
    [item] = queue(client, bearer)
    assert item["findings"][0]["check"] == "broken"
    assert "ZeroDivisionError" in item["findings"][0]["reason"]
    assert "quotes" not in item["findings"][0]["reason"]


@pytest.mark.skipif(not psutil.LINUX, reason="only Linux has a niceness for each thread")
def test_judging_gives_way_and_what_writes_does_not(
    engine: Engine, session: Session, settings: Settings
) -> None:
    fill(session, 1)
    judging, writing = [], []

    def look(_submission: Submission, _policy: Policy) -> Finding:
        judging.append(os.getpriority(os.PRIO_PROCESS, 0))
        return Finding("look")

    def note(_connection: Any) -> None:
        writing.append(os.getpriority(os.PRIO_PROCESS, 0))

    event.listen(engine, "commit", note)
    screen(session, SilentBell(), settings, [look])
    event.remove(engine, "commit", note)
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    assert judging == [min(usual + JUDGING, 19)]
    assert set(writing) == {usual}


def test_no_checks_at_all_approve_nothing(
    client: FlaskClient, judge: Judge, session: Session
) -> None:
    post(client)
    judge(checks=())
    assert states(session) == {"held": 1}


def test_facts_reach_the_checks(client: FlaskClient, judge: Judge, settings: Settings) -> None:
    seen: list[Submission] = []

    def check_seen(submission: Submission, _policy: Policy) -> Finding:
        seen.append(submission)
        return Finding("seen")

    text = "The very same long text about the harbour, posted again and again."
    ann = {"name": "Ann", "email": "ann@example.org"}
    for author in (ann, ann, {"name": "Bob"}):
        post(client, body=text, author=author)
    judge(checks=(check_seen,))
    post(client, body=text, author=ann, page="other")
    judge(checks=(check_seen,))
    assert [len(one.facts.earlier) for one in seen] == [0, 1, 2, 3]
    assert [one.facts.author_approved for one in seen] == [0, 0, 0, 2]
    assert [one.facts.earlier[0].by_same_author for one in seen[1:]] == [True, False, True]
    assert seen[3].facts.earlier[0].similarity == 1.0
    assert seen[0].origins == ("https://news.example",)


def test_floods_are_counted_by_author_address_and_thread(
    client: FlaskClient, session: Session, settings: Settings
) -> None:
    seen: list[tuple[int, int, int]] = []

    def check_seen(submission: Submission, _policy: Policy) -> Finding:
        facts = submission.facts
        seen.append((facts.author_in_window, facts.address_in_window, facts.thread_in_window))
        return Finding("seen")

    ann = {"name": "Ann", "email": "ann@example.org"}
    post(client, author=ann)
    post(client, author={"name": "Bob"})
    post(client, author=ann, page="other")
    limited = Settings(
        database_url=settings.database_url, redis_url=settings.redis_url, secret=SECRET
    )
    screen(session, SilentBell(), limited, [check_seen])
    assert seen == [(0, 0, 0), (0, 1, 1), (1, 2, 0)]


def test_of_equal_texts_that_share_a_transaction_one_is_the_first(
    session: Session, settings: Settings, news: str
) -> None:
    seen: dict[str, Submission] = {}

    def check_seen(submission: Submission, _policy: Policy) -> Finding:
        seen[submission.author_name] = submission
        return Finding("seen")

    site = stored_sites.find(session, news)
    assert site is not None
    text = "The very same long text about the harbour, posted by two at the same time."
    posts = [
        prepare(
            NewComment(site=news, page="p", body=text, author_name=name),
            site=site, secret=SECRET, address="127.0.0.1", idempotency_key=None,
        )
        for name in ("Ann", "Bob")
    ]  # fmt: skip
    post_comments(session, posts, secret=SECRET)
    assert len(set(session.scalars(select(Revision.created_at)))) == 1
    limited = Settings(
        database_url=settings.database_url, redis_url=settings.redis_url, secret=SECRET
    )
    screen(session, SilentBell(), limited, [check_seen])
    assert sorted(len(one.facts.earlier) for one in seen.values()) == [0, 1]
    assert sorted(one.facts.address_in_window for one in seen.values()) == [0, 1]


def test_a_worker_with_nothing_to_do_writes_nothing(
    engine: Engine, session: Session, settings: Settings
) -> None:
    fill(session, 1)
    screen(session, SilentBell(), settings, [dying])
    commits = []

    def note(connection: Any) -> None:
        commits.append(connection)

    event.listen(engine, "commit", note)
    screen(session, SilentBell(), settings, [dying])
    event.remove(engine, "commit", note)
    assert len(commits) <= 1  # that of looking for fresh ones


def test_what_comes_while_others_are_judged_needs_no_bell(
    engine: Engine, session: Session, settings: Settings
) -> None:
    fill(session, 2)

    def check_that_brings_more(submission: Submission, _policy: Policy) -> Finding:
        if submission.body == "Comment 1":
            with Session(engine, expire_on_commit=False) as own:
                store(own, site="s", body="Comment 2")
        return Finding("bringing")

    bell = Counting()
    screen_while_busy(session, bell, settings, [check_that_brings_more])
    assert states(session) == {"approved": 3}
    assert bell.rung == 0
