"""The jobs that may be asked for, by name: whoever can write to Redis can ask for no others."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rq.exceptions import NoSuchJobError
from rq.job import Job
from sqlalchemy.orm import Session

from service.actions import housekeeping
from service.bell import SCREEN, RedisBell, connect
from service.config import Settings
from service.store.db import open_engine
from workers import bulk
from workers.checks import Check
from workers.screening import screen_while_busy

Jobs = Mapping[str, Callable[..., Any]]

REFUSED = "refused"  # what is done with a job that is none of ours; no bell rings for it
# What a bell's job has. Those of RQ may have more: functions that are called afterwards, addresses
# that are asked then, repetitions. Whoever can write to Redis could have all that.
FIELDS = {
    b"created_at", b"data", b"ended_at", b"enqueued_at", b"failure_ttl", b"last_heartbeat",
    b"origin", b"result_ttl", b"started_at", b"status", b"timeout", b"worker_name",
}  # fmt: skip


class UnknownJob(LookupError):
    """Something asked Redis for a function that is not a job of ours."""


def job_table(settings: Settings, checks: Sequence[Check]) -> Jobs:
    """To be made in the process that works on them: connections do not survive a fork."""
    engine = open_engine(settings.database_url)
    bell = RedisBell(connect(settings.redis_url))
    judged = 0

    def ring_answered() -> None:
        nonlocal judged
        bell.answer()
        with Session(engine, expire_on_commit=False) as session:
            judged = screen_while_busy(session, bell, settings, checks, judged=judged)
            if bulk.work(session, bell):
                bell.ring()

    def refuse(*_: object, **__: object) -> None:
        with Session(engine) as session:
            housekeeping.count(session, {("jobs_refused", ""): 1})
        raise UnknownJob

    return {SCREEN: ring_answered, REFUSED: refuse}


def job_class(jobs: Jobs) -> type[Job]:
    """RQ would import whatever a job names. This one looks it up in the table."""

    class ListedJob(Job):
        @property
        def func(self) -> Callable[..., Any]:
            is_ours = self.func_name in jobs and not self.args and not self.kwargs
            return jobs[self.func_name or REFUSED] if is_ours else jobs[REFUSED]

        def restore(self, raw_data: Mapping[bytes, bytes]) -> None:
            try:
                super().restore({name: raw for name, raw in raw_data.items() if name in FIELDS})
            except Exception as error:
                raise NoSuchJobError from error  # which RQ passes over, and goes on

    return ListedJob
