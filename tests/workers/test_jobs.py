"""The door between Redis and the workers."""

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import zlib
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.actions import sites
from service.bell import PENDING, QUEUE, SCREEN, RedisBell, connect
from service.config import Settings
from service.domain.findings import Finding
from service.domain.policy import Policy
from service.domain.states import State
from service.domain.submission import Submission
from service.store.models import Revision
from service.store.tallies import Tally
from tests.factories import store
from workers.checks import CHECKS, Check
from workers.confinement import SWOLLEN_BYTES
from workers.jobs import job_class, job_table
from workers.rq_worker import ScreeningWorker

FRESH = get_context("forkserver")  # forks from a process that has run no test
FRESH.set_forkserver_preload([__name__])


def drain(
    settings: Settings, redis: "Redis", checks: Sequence[Check] = CHECKS, path: Path | None = None
) -> int | None:
    """Run a real worker, in a process that it may end, until its queue is empty.

    Not forked: it would begin with the memory of all the tests before, and end for that.
    """
    at = redis.get_connection_kwargs()["path"]
    worker = FRESH.Process(target=work, args=(settings, at, checks, path))
    worker.start()
    worker.join(30)
    return worker.exitcode


def work(
    settings: Settings, redis_path: str, checks: Sequence[Check], importable: Path | None
) -> None:
    if importable is not None:
        sys.path.append(str(importable))
    redis = Redis(unix_socket_path=redis_path)
    jobs = job_class(job_table(settings, checks))
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer, job_class=jobs)
    worker = ScreeningWorker([queue], connection=redis, serializer=JSONSerializer, job_class=jobs)
    worker.work(burst=True, logging_level="CRITICAL")


def a_comment(session: Session) -> None:
    sites.add_site(session, key="s", name="S", origins=[], by="test")
    store(session, site="s", body="Fine words.")


def test_a_bell_that_is_pending_is_not_rung_again(redis: "Redis", settings: Settings) -> None:
    bell = RedisBell(connect(settings.redis_url))
    for _ in range(5):
        bell.ring()
    assert redis.llen(f"rq:queue:{QUEUE}") == 1
    bell.answer()
    bell.ring()
    assert redis.llen(f"rq:queue:{QUEUE}") == 2
    assert 0 < redis.ttl(PENDING) <= 5


def test_a_bell_without_redis_is_silent_and_quick(tmp_path: Path) -> None:
    bell = RedisBell(connect(f"unix://{tmp_path}/none.sock"))
    bell.ring()
    bell.answer()


def test_a_rung_bell_makes_a_worker_judge(
    session: Session, redis: "Redis", settings: Settings
) -> None:
    a_comment(session)
    RedisBell(connect(settings.redis_url)).ring()
    drain(settings, redis)
    assert session.scalars(select(Revision.state)).all() == [State.APPROVED]


def test_nothing_about_comments_is_in_redis(
    session: Session, redis: "Redis", settings: Settings
) -> None:
    a_comment(session)
    RedisBell(connect(settings.redis_url)).ring()
    for key in redis.scan_iter("*"):
        kind = redis.type(key)
        content = redis.dump(key) or b""
        assert b"Fine words" not in content, (key, kind)
    [job_id] = redis.lrange(f"rq:queue:{QUEUE}", 0, -1)
    data = zlib.decompress(redis.hget(f"rq:job:{job_id.decode()}", "data"))
    assert json.loads(data) == [SCREEN, None, [], {}]


@pytest.mark.parametrize("planted", ["os.system", "workers.jobs.job_table", "builtins.print"])
def test_a_planted_function_is_not_run(
    session: Session, redis: "Redis", settings: Settings, tmp_path: Path, planted: str
) -> None:
    target = tmp_path / "touched"
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
    job = queue.enqueue_call(planted, args=(f"touch {target}",))
    drain(settings, redis)
    assert not target.exists()
    assert Job.fetch(job.id, connection=redis, serializer=JSONSerializer).is_failed
    assert session.scalar(select(Tally.count).where(Tally.name == "jobs_refused")) == 1


def test_what_a_planted_job_carries_along_is_not_obeyed(
    session: Session, redis: "Redis", settings: Settings, tmp_path: Path
) -> None:
    """RQ imports and calls what a job names for afterwards, and sends requests where it says."""
    (tmp_path / "planted.py").write_text(f"open({str(tmp_path / 'imported')!r}, 'w').close()")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        hook = {"url": f"http://127.0.0.1:{listener.getsockname()[1]}/", "timeout": 1}
        afterwards = {
            "success_callback_name": "planted.called",
            "failure_callback_name": "planted.called",
            "stopped_callback_name": "planted.called",
            "webhooks": json.dumps([hook | {"job_status": one} for one in ("finished", "failed")]),
            "repeats_left": 3,
            "retries_left": 3,
            "meta": b"\x80\x04.",
        }
        for function in (SCREEN, "os.system"):
            job = Queue(QUEUE, connection=redis, serializer=JSONSerializer).enqueue_call(function)
            redis.hset(job.key, mapping=afterwards)
        drain(settings, redis, path=tmp_path)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert not (tmp_path / "imported").exists()
    assert redis.llen(f"rq:queue:{QUEUE}") == 0


JUNK: tuple[dict[str, bytes], ...] = (
    {"data": b"\x80\x04."},
    {"data": b'["screen", null, ["x"], {}]'},
    {"data": b'["screen"]'},
    {"data": b"[" * 100_000},
    {"created_at": b"yesterday"},
    {"status": b"\xff"},
    {"timeout": b"soon"},
    {"origin": b"\xff"},
)


def test_what_is_no_job_harms_none(session: Session, redis: "Redis", settings: Settings) -> None:
    a_comment(session)
    for fields in JUNK:
        redis.hset(ring(redis).key, mapping=fields)
    redis.rpush(f"rq:queue:{QUEUE}", "no-such-job")
    ring(redis)
    assert drain(settings, redis) == 0
    assert redis.llen(f"rq:queue:{QUEUE}") == 0
    assert session.scalars(select(Revision.state)).all() == [State.APPROVED]


def test_a_failure_puts_nothing_into_redis(
    session: Session, redis: "Redis", settings: Settings
) -> None:
    """The database's errors may quote what somebody wrote."""
    broken = replace(settings, database_url="sqlite:////nowhere/at/all.db")
    job = ring(redis)
    drain(broken, redis)
    assert Job.fetch(job.id, connection=redis, serializer=JSONSerializer).is_failed
    for key in redis.scan_iter("*"):
        assert b"OperationalError" not in (redis.dump(key) or b""), key
    assert job.latest_result().exc_string == ""


def check_killing(_submission: Submission, _policy: Policy) -> Finding:
    os.kill(os.getpid(), signal.SIGKILL)
    return Finding("killing")


def check_endless(_submission: Submission, _policy: Policy) -> Finding:
    sum(itertools.repeat(0))  # code of C, which no exception would interrupt
    return Finding("endless")


def check_greedy(_submission: Submission, _policy: Policy) -> Finding:
    bytearray(SWOLLEN_BYTES)
    return Finding("greedy")


def ring(redis: "Redis", *, seconds: int = 10) -> Job:
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
    return queue.enqueue_call(SCREEN, timeout=seconds)


def test_a_job_that_takes_too_long_takes_its_worker_along(
    session: Session, redis: "Redis", settings: Settings
) -> None:
    a_comment(session)
    ring(redis, seconds=1)
    assert drain(settings, redis, [check_endless]) == -signal.SIGALRM
    assert session.execute(select(Revision.state, Revision.attempts)).all() == [(State.RECEIVED, 1)]


def test_what_a_dead_worker_left_in_redis_is_cleared_away(
    session: Session, redis: "Redis", settings: Settings
) -> None:
    a_comment(session)
    job = ring(redis)
    assert drain(settings, redis, [check_killing]) == -signal.SIGKILL
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
    registry = queue.started_job_registry
    [running] = redis.zrange(registry.key, 0, -1)
    redis.zadd(registry.key, {running: 1})  # as if the time had passed
    assert drain(settings, redis) == 0
    assert redis.zcard(registry.key) == redis.llen(queue.intermediate_queue_key) == 0
    assert Job.fetch(job.id, connection=redis, serializer=JSONSerializer).is_failed


def test_one_worker_judges_what_several_bells_announce(
    session: Session, redis: "Redis", settings: Settings
) -> None:
    a_comment(session)
    for _ in range(3):
        ring(redis, seconds=100_000)
    assert drain(settings, redis) == 0
    assert redis.llen(f"rq:queue:{QUEUE}") == 0
    assert session.scalars(select(Revision.state)).all() == [State.APPROVED]


def test_a_worker_that_took_much_memory_ends_after_its_job(
    session: Session, redis: "Redis", settings: Settings
) -> None:
    a_comment(session)
    for _ in range(2):
        ring(redis)
    assert drain(settings, redis, [*CHECKS, check_greedy]) == 0
    assert redis.llen(f"rq:queue:{QUEUE}") >= 1  # after a slow one the bell rings once more
    assert session.scalars(select(Revision.state)).all() == [State.APPROVED]


def test_a_wrong_call_says_how_it_is_meant() -> None:
    for arguments in ([], ["nothing"], ["rq"]):
        answer = subprocess.run(
            [sys.executable, "-m", "workers", *arguments],
            capture_output=True, text=True, timeout=30,
            env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
        assert answer.returncode == 2
        assert "usage" in answer.stderr or "AFTERWORD_" in answer.stderr
        assert "Traceback" not in answer.stderr
