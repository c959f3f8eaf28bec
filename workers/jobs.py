"""The jobs that may be asked for, by name: whoever can write to Redis can ask for no others."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rq.job import Job
from sqlalchemy.orm import Session

from service.bell import SCREEN, RedisBell, connect
from service.config import Settings
from service.store.db import open_engine
from workers import bulk
from workers.checks import Check
from workers.screening import screen_while_busy

Jobs = Mapping[str, Callable[[], Any]]


class UnknownJob(LookupError):
    """Something asked Redis for a function that is not a job of ours."""


def job_table(settings: Settings, checks: Sequence[Check]) -> Jobs:
    """To be made in the process that works on them: connections do not survive a fork."""
    engine = open_engine(settings.database_url)
    bell = RedisBell(connect(settings.redis_url))

    def ring_answered() -> None:
        bell.answer()
        with Session(engine, expire_on_commit=False) as session:
            screen_while_busy(session, bell, settings, checks)
            if bulk.work(session, bell):
                bell.ring()

    return {SCREEN: ring_answered}


def job_class(jobs: Jobs) -> type[Job]:
    """RQ would import whatever function a job names. This one looks it up in the table."""

    class ListedJob(Job):
        @property
        def func(self) -> Callable[[], Any]:
            name = self.func_name or ""
            if name not in jobs or self.args or self.kwargs:
                raise UnknownJob
            return jobs[name]

    return ListedJob
