"""One RQ worker process on one queue. It stays: the next job finds the database open.

A job may end it at any time. Whoever watches over it starts it again.
"""

import logging
import time
import traceback
from collections.abc import Sequence
from types import FrameType
from typing import Any

from redis import Redis, RedisError
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import TimeoutError as TooLate
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from service import logs, redis_server
from service.bell import QUEUE, connect
from service.config import Settings
from workers.checks import Check
from workers.confinement import DeathPenalty, confine_memory, is_swollen
from workers.jobs import job_class, job_table
from workers.rubbish import clear_away, clear_misfits

log = logging.getLogger(__name__)

WORKER_TTL = (
    60  # seconds after which a connection that went silent is noticed; RQ's own 420 is deaf
)
MAINTENANCE_SECONDS = 60
LONGEST_WAIT = 3.0  # seconds between tries to reach Redis again
NOT_RUBBISH = (NotConnected, TooLate, StopRequested)


class ScreeningWorker(SimpleWorker):
    death_penalty_class = DeathPenalty
    max_connection_wait_time = LONGEST_WAIT

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        id_before = logs.job_id.set(job.id)
        try:
            done = super().perform_job(job, queue, execution)
        finally:
            logs.job_id.reset(id_before)
        if is_swollen():
            log.warning("a worker took much memory and ends")
            self._stop_requested = True
        return done

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        try:
            return super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)
        except NOT_RUBBISH:
            raise
        except Exception as error:  # RQ would end, and start with the same again
            self._clear_away(error)
        return super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)

    def clean_registries(self) -> None:
        try:
            super().clean_registries()  # type: ignore[no-untyped-call]
        except NOT_RUBBISH:
            raise
        except Exception as error:
            self._clear_away(error)
            super().clean_registries()  # type: ignore[no-untyped-call]

    def clean_group_registries(self) -> None:
        """There are no groups of ours."""

    def _clear_away(self, error: Exception) -> None:
        # Its message may quote what was found.
        log.error("what is in Redis makes no sense", extra={"error": type(error).__name__})
        clear_away(self.connection)

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """As RQ's, but for what the error says and the job names: strangers may have written it."""
        kind, _, where = exc_info
        log.error(
            "a job failed",
            extra={"job": job.id, "error": kind.__name__, "where": traceback.format_tb(where)},
        )

    def handle_job_failure(self, *args: Any, **options: Any) -> None:
        super().handle_job_failure(*args, **options | {"exc_string": ""})  # it would be in Redis

    def request_stop(self, signum: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Finish the job in hand. Asking again changes nothing.

        RQ's own would write to Redis from here, in the middle of whatever the job is doing, and
        the second time give up the job.
        """
        if not self._stop_requested:
            self._stop_requested = True
            if self.get_state() != WorkerStatus.BUSY:
                raise StopRequested


def run(settings: Settings, checks: Sequence[Check]) -> None:
    """Work until SIGTERM, which lets the batch in hand finish."""
    confine_memory()
    _wait_for_redis(settings)
    # RQ raises the socket's timeout by itself to what its blocking read needs.
    redis = Redis.from_url(settings.redis_url)
    jobs = job_class(job_table(settings, checks))
    # One queue a worker: with several, RQ pops in a way that can lose a job when killed.
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer, job_class=jobs)
    try:
        clear_misfits(redis)
        worker = ScreeningWorker(
            [queue],
            connection=redis,
            serializer=JSONSerializer,
            job_class=jobs,
            worker_ttl=WORKER_TTL,
            maintenance_interval=MAINTENANCE_SECONDS,
            log_job_description=False,
        )
        worker.work(logging_level="WARNING")
    except RedisError as error:
        # It was lost in the middle of a job, which is in the database; the next of us waits for it.
        log.error("Redis does not answer", extra={"error": type(error).__name__})
        raise SystemExit(1) from None


def _wait_for_redis(settings: Settings) -> None:
    """Until one answers that may be worked with. Meanwhile the sweep judges."""
    redis, told = connect(settings.redis_url), False
    while wrong := _wrong_with(redis, settings):
        if not told:
            log.error("Redis cannot be worked with", extra={"why": wrong})
        told = True
        time.sleep(LONGEST_WAIT)
    redis.close()


def _wrong_with(redis: "Redis", settings: Settings) -> str:
    try:
        return redis_server.fault(redis, settings)
    except RedisError as error:
        return type(error).__name__
