"""Posts that come at the same time: each is answered for itself, all share a transaction."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import psutil
import pytest
from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from service.actions import threads as thread_actions
from service.actions.errors import KeyReused, ParentNotFound, ThreadClosed
from service.actions.posting import Receipt
from service.actions.posts import NewComment, Post, prepare
from service.actions.sharing import SharedPosts
from service.bell import SilentBell
from service.store import sites
from service.store.db import begin_write
from service.store.models import Author, Comment, Revision, Thread
from service.store.reader_tables import IdempotencyKey
from service.store.sites import SiteRecord
from tests.e2e.running import until
from tests.factories import SECRET, a_text

Make = Callable[..., Post]
SOON = 10  # seconds


@pytest.fixture
def site(session: Session, news: str) -> SiteRecord:
    found = sites.find(session, news)
    assert found is not None
    session.rollback()
    return found


@pytest.fixture
def make(site: SiteRecord) -> Make:
    def make(number: int, *, key: str | None = None, **more: Any) -> Post:
        fields = {"page": "p", "body": a_text(number), "author_name": "Ann", **more}
        new = NewComment(site=site.key, **fields)
        return prepare(new, site=site, secret=SECRET, address="127.0.0.1", idempotency_key=key)

    return make


class Counting:
    """A bell that notes how many comments there were to be seen each time it was rung."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.seen: list[int] = []

    def ring(self) -> None:
        self.seen.append(count(self._engine, Revision))


@pytest.fixture
def bell(engine: Engine) -> Counting:
    return Counting(engine)


@pytest.fixture
def shared(engine: Engine, bell: Counting) -> SharedPosts:
    return SharedPosts(sessionmaker(engine, expire_on_commit=False), bell, secret=SECRET)


@pytest.fixture
def patient(engine: Engine, bell: Counting) -> SharedPosts:
    """Whose committer waits for longer than a test does."""
    open_session = sessionmaker(engine, expire_on_commit=False)
    return SharedPosts(open_session, bell, secret=SECRET, patience=60)


@contextmanager
def held_up(engine: Engine) -> Iterator[None]:
    """Nobody can store a comment meanwhile."""
    with Session(engine) as session:
        begin_write(session)
        if engine.dialect.name == "postgresql":
            session.execute(text("LOCK TABLE comments IN EXCLUSIVE MODE"))
        yield


@contextmanager
def commits(engine: Engine) -> Iterator[list[Any]]:
    seen: list[Any] = []

    def note(connection: Any) -> None:
        seen.append(connection)

    event.listen(engine, "commit", note)
    yield seen
    event.remove(engine, "commit", note)


def together(engine: Engine, shared: SharedPosts, posts: Sequence[Post]) -> list[Future[Receipt]]:
    """Post all; while the first is being stored, the others come and wait in their order."""
    with ThreadPoolExecutor(len(posts)) as pool, held_up(engine):
        answers = []
        for number, post in enumerate(posts):
            answers.append(pool.submit(shared.post, post))
            until(lambda n=number: are_waiting(shared, n), "all waiting")
    return answers


def are_waiting(shared: SharedPosts, number: int) -> bool:
    """So many, for the transaction after the one that goes on."""
    return shared._is_committing and len(shared._waiting) == number


def test_nobody_waits_as_long_as_two_for_a_database_that_is_away(
    engine: Engine, make: Make
) -> None:
    opened: list[Session] = []

    def open_session() -> Session:
        opened.append(Session(engine))
        return opened[-1]

    shared = SharedPosts(open_session, SilentBell(), secret=SECRET)
    with ThreadPoolExecutor(3) as pool, held_up(engine):
        answers = [pool.submit(shared.post, make(number)) for number in range(3)]
        errors = [answer.exception() for answer in answers]
    assert {type(error) for error in errors} == {OperationalError}
    assert len(opened) <= 2, "those who came after the first are refused together"


def count(engine: Engine, model: type[Any]) -> int:
    with Session(engine) as session:
        return session.execute(select(func.count()).select_from(model)).scalar_one()


@pytest.mark.skipif(not psutil.LINUX, reason="only Linux has a niceness for each thread")
def test_who_commits_does_not_give_way_as_those_who_post_do(
    engine: Engine, shared: SharedPosts, make: Make
) -> None:
    niceness: list[int] = []

    def note(_connection: Any) -> None:
        niceness.append(os.getpriority(os.PRIO_PROCESS, 0))

    event.listen(engine, "commit", note)
    with ThreadPoolExecutor(1, initializer=os.nice, initargs=(1,)) as pool:
        pool.submit(shared.post, make(0)).result()
        nicer = pool.submit(os.getpriority, os.PRIO_PROCESS, 0).result()
    event.remove(engine, "commit", note)
    assert niceness == [os.getpriority(os.PRIO_PROCESS, 0)] == [nicer - 1]


def test_posts_share_a_commit_and_a_bell(
    engine: Engine, shared: SharedPosts, bell: Counting, make: Make
) -> None:
    posts = [make(number, page=f"p{number % 3}", key=f"key {number}") for number in range(12)]
    with commits(engine) as seen:
        answers = together(engine, shared, posts)
    assert [answer.result().id for answer in answers] == [post.id for post in posts]
    assert len(seen) == 2  # the first one's, and that of all who came meanwhile
    assert bell.seen == [1, 12]  # each time after the commit
    assert (count(engine, Thread), count(engine, Comment)) == (3, 12)


def test_a_crowd_is_stored_completely(
    engine: Engine, shared: SharedPosts, session: Session, make: Make
) -> None:
    posts = [
        make(number, author_name=f"Reader {number % 5}", author_email=f"r{number % 5}@mail.example")
        for number in range(200)
    ]
    with ThreadPoolExecutor(16) as pool:
        receipts = list(pool.map(shared.post, posts))
    stored = session.execute(
        select(Comment.id, Comment.editable_until, Revision.body).join(
            Revision, Revision.comment_id == Comment.id
        )
    ).all()
    assert {(row.id, row.editable_until) for row in stored} == {
        (receipt.id, receipt.editable_until) for receipt in receipts
    }
    assert {row.body for row in stored} == {post.new.body for post in posts}
    assert (count(engine, Author), count(engine, Thread)) == (5, 1)


def test_the_committer_waits_for_a_post_that_is_being_made_ready(
    engine: Engine, patient: SharedPosts, make: Make
) -> None:
    with commits(engine) as seen, ThreadPoolExecutor(2) as pool:
        with patient.coming():
            first = pool.submit(patient.post, make(0))
            until(lambda: patient._is_committing, "a transaction")
            other = pool.submit(patient.post, make(1))
            until(lambda: len(patient._waiting) == 2, "both waiting")
        assert first.result(SOON).id != other.result(SOON).id
    assert len(seen) == 1


def two_together(shared: SharedPosts, make: Make) -> None:
    with ThreadPoolExecutor(2) as pool, shared.coming():
        answers = [pool.submit(shared.post, make(number)) for number in range(2)]
        until(lambda: len(shared._waiting) == 2, "both waiting")
    for answer in answers:
        answer.result()


def test_the_committer_waits_for_as_many_as_came_together_before(
    engine: Engine, patient: SharedPosts, make: Make
) -> None:
    with commits(engine) as seen, ThreadPoolExecutor(2) as pool:
        two_together(patient, make)
        first = pool.submit(patient.post, make(2))
        until(lambda: len(patient._waiting) == 1, "one who waits")
        other = pool.submit(patient.post, make(3))
        assert first.result(SOON).id != other.result(SOON).id
    assert len(seen) == 2


def test_who_waited_in_vain_is_the_last_to_wait(
    engine: Engine, patient: SharedPosts, make: Make
) -> None:
    two_together(patient, make)
    patient._patience = 0.01
    patient.post(make(2))
    patient._patience = 60
    with ThreadPoolExecutor(1) as pool:
        pool.submit(patient.post, make(3)).result(SOON)
    assert count(engine, Comment) == 4


def test_nobody_waits_for_a_post_that_could_not_be_made_ready(
    engine: Engine, patient: SharedPosts, make: Make
) -> None:
    with pytest.raises(ZeroDivisionError), patient.coming():
        raise ZeroDivisionError
    with ThreadPoolExecutor(1) as pool:
        pool.submit(patient.post, make(0)).result(SOON)
    assert count(engine, Comment) == 1


def test_equal_keys_at_the_same_time_make_one_comment(
    engine: Engine, shared: SharedPosts, make: Make
) -> None:
    same = [make(1, key="k") for _ in range(4)]
    first, *others = together(engine, shared, [make(0), *same, make(2, key="k")])
    receipts = {answer.result() for answer in others[:-1]}
    assert len(receipts) == 1
    with pytest.raises(KeyReused):
        others[-1].result()
    assert first.result() not in receipts
    assert (count(engine, Comment), count(engine, IdempotencyKey)) == (2, 1)


def test_who_is_refused_leaves_nothing_and_harms_nobody(
    engine: Engine, shared: SharedPosts, session: Session, make: Make
) -> None:
    thread_actions.set_up(
        session, SilentBell(), "news", page="closed", settings={"mode": "closed"}, by="test"
    )
    answers = together(
        engine,
        shared,
        [
            make(0),
            make(1, key="a"),
            make(2, key="b", parent=uuid4(), author_email="a@mail.example"),
            make(3, key="c", parent=uuid4(), page="new"),
            make(4, key="d", page="closed"),
            make(5, key="e"),
        ],
    )
    refusals = [type(answer.exception()) for answer in answers]
    none = type(None)
    assert refusals == [none, none, ParentNotFound, ParentNotFound, ThreadClosed, none]
    assert [count(engine, model) for model in (Comment, IdempotencyKey, Author, Thread)] == [
        3, 2, 0, 2,
    ]  # fmt: skip


def test_what_breaks_the_transaction_is_left_alone_with_it(
    engine: Engine, shared: SharedPosts, site: SiteRecord, make: Make
) -> None:
    broken = replace(make(2, page="gone"), site=replace(site, id=uuid4()))
    answers = together(engine, shared, [make(0), make(1), broken, make(3)])
    assert [answer.exception() is None for answer in answers] == [True, True, False, True]
    assert isinstance(answers[2].exception(), IntegrityError)
    assert count(engine, Comment) == 3


def test_a_database_that_is_away_is_told_to_all(make: Make) -> None:
    nowhere = create_engine("sqlite:////nowhere/at/all.db")
    all_there = threading.Event()

    def open_session() -> Session:
        all_there.wait(10)
        return Session(nowhere)

    shared = SharedPosts(open_session, SilentBell(), secret=SECRET)
    with ThreadPoolExecutor(5) as pool:
        answers = [pool.submit(shared.post, make(0))]
        until(lambda: are_waiting(shared, 0), "a transaction")
        answers += [pool.submit(shared.post, make(number)) for number in range(1, 5)]
        until(lambda: are_waiting(shared, 4), "all waiting")
        all_there.set()
    assert {type(answer.exception()) for answer in answers} == {OperationalError}
    assert not shared._is_committing


def test_more_than_fit_are_stored_in_turns(
    engine: Engine, shared: SharedPosts, bell: Counting, make: Make
) -> None:
    answers = together(engine, shared, [make(number) for number in range(70)])
    assert len({answer.result().id for answer in answers}) == 70
    assert bell.seen == [1, 65, 70]


def test_whatever_breaks_is_told_and_does_not_keep_others_from_being_stored(
    engine: Engine, shared: SharedPosts, make: Make
) -> None:
    unheard_of: Any = ["no hash can be made of this"]
    with pytest.raises(TypeError):
        shared.post(replace(make(0), key_hash=unheard_of))
    shared.post(make(1))
    assert count(engine, Comment) == 1


def test_nobody_waits_for_ever_for_what_ended_a_transaction(make: Make) -> None:
    def open_session() -> Session:
        raise SystemExit

    shared = SharedPosts(open_session, SilentBell(), secret=SECRET)
    told: list[type[BaseException]] = []

    def post() -> None:
        for number in range(2):
            with pytest.raises(SystemExit) as raised:
                shared.post(make(number))
            told.append(raised.type)

    threading.Thread(target=post, daemon=True).start()  # else a failure would hang
    until(lambda: told == [SystemExit, SystemExit], "both told")
