"""The door between Redis and the workers."""

import json
import os
import signal
import subprocess
import sys
import zlib
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
from service.domain.states import State
from service.store.models import Revision
from tests.factories import store
from workers.checks import CHECKS
from workers.confinement import DeathPenalty, OutOfTime
from workers.jobs import UnknownJob, job_class, job_table
from workers.rq_worker import ScreeningWorker


def drain(settings: Settings, redis: "Redis") -> None:
    """Run a real worker, with real forks, until its queue is empty."""
    jobs = job_class(job_table(settings, CHECKS))
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


def test_a_job_with_arguments_is_not_ours(settings: Settings, redis: "Redis") -> None:
    jobs = job_class(job_table(settings, CHECKS))
    job = jobs.create(SCREEN, args=("x",), connection=redis, serializer=JSONSerializer)
    with pytest.raises(UnknownJob):
        _ = job.func


def test_out_of_time_is_not_survived_by_the_pipeline() -> None:
    from rq.timeouts import JobTimeoutException

    penalty = DeathPenalty(1, JobTimeoutException)
    with pytest.raises(OutOfTime):
        penalty.handle_death_penalty(signal.SIGALRM, None)
    assert not issubclass(OutOfTime, Exception)


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
