"""What whoever can write to Redis puts where RQ keeps its own: a real worker goes on judging."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.actions import sites
from service.bell import QUEUE, RedisBell, connect
from service.config import Settings
from service.domain.states import State
from service.store.models import Revision
from tests.e2e.running import Processes, Started, until
from tests.factories import SECRET, a_text, store
from workers.rubbish import OURS, SHARED

LIST = f"rq:queue:{QUEUE}"
ENTRIES = (
    b"\xff\xfe", b"", b"\0", b"a:b", b"\r\n", b"x" * 1_000_000, "\u202e".encode(), b"a-string",
    b"a-list", b"[" * 5_000, b"%s{0}", b"../../etc/passwd",
)  # fmt: skip
SECONDS = 30

ENDED = "a process ended"
# It has no part in this.
pytestmark = [
    pytest.mark.processes,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
Start = Callable[[], Started]


@pytest.fixture
def start(settings: Settings, session: Session, scratch: Path) -> Iterator[Start]:
    """A worker without a sweep beside it, which would judge in its place."""
    processes = Processes(Path(tempfile.mkdtemp(dir=scratch)))
    sites.add_site(session, key="s", name="S", origins=[], by="test")
    given = {"database_url": settings.database_url, "redis_url": settings.redis_url}
    try:
        yield lambda: processes.start("rq", module="workers", secret=SECRET, **given)
    finally:
        processes.end()
        processes.show()


def ensure_judged(session: Session, settings: Settings, number: int) -> None:
    """One more comment, of which a bell tells."""
    store(session, site="s", body=a_text(number))
    bell = RedisBell(connect(settings.redis_url))

    def all_are() -> bool:
        bell.ring()
        left = select(func.count()).where(Revision.state == State.RECEIVED)
        count = session.scalar(left)
        session.rollback()
        return count == 0

    until(all_are, f"judging of comment {number}", seconds=SECONDS)


def test_no_entry_of_the_queue_ends_a_worker(
    session: Session, redis: "Redis", settings: Settings, start: Start
) -> None:
    workers = start()
    ensure_judged(session, settings, 0)
    redis.set("rq:job:a-string", b"\xff")
    redis.rpush("rq:job:a-list", b"\xff")
    for number, entry in enumerate(ENTRIES, 1):
        redis.lpush(LIST, entry)
        ensure_judged(session, settings, number)
    assert ENDED not in workers.logged()
    until(lambda: redis.llen(LIST) == redis.llen(f"{LIST}:intermediate") == 0, "an empty queue")


def test_what_was_there_before_a_worker_came_does_not_keep_it_away(
    session: Session, redis: "Redis", settings: Settings, start: Start
) -> None:
    for key, kind in (OURS | SHARED).items():
        if kind == "list":
            redis.rpush(key, b"\xff", b"a:b")
        elif kind == "zset":
            redis.zadd(key, {b"\xff": 1, b"no-execution": 1})
        elif kind == "set":
            redis.sadd(key, b"\xff", b"no-worker")
    workers = start()
    ensure_judged(session, settings, 1)
    assert ENDED not in workers.logged()
    workers.terminate()
    for key, kind in (OURS | SHARED).items():
        redis.delete(key)
        if kind == "string":
            redis.rpush(key, b"\xff")
        else:
            redis.set(key, b"\xff")
    again = start()
    ensure_judged(session, settings, 2)
    assert ENDED not in again.logged()
