"""One RQ worker process on one queue. It forks a horse for each job, which may die at any time."""

import logging
import signal
from collections.abc import Sequence

from redis import Redis, RedisError
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.orm import configure_mappers

from service import logs
from service.bell import QUEUE
from service.config import Settings
from workers.checks import Check
from workers.confinement import DeathPenalty, confine
from workers.jobs import job_class, job_table

log = logging.getLogger(__name__)

WORKER_TTL = (
    60  # seconds after which a connection that went silent is noticed; RQ's own 420 is deaf
)
MAINTENANCE_SECONDS = 60
MONITORING_SECONDS = 10
LONGEST_WAIT = 3.0  # seconds between tries to reach Redis again


class ScreeningWorker(Worker):
    death_penalty_class = DeathPenalty
    max_connection_wait_time = LONGEST_WAIT

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        confine()
        logs.job_id.set(job.id)
        super().main_work_horse(job, queue)

    def setup_work_horse_signals(self) -> None:
        super().setup_work_horse_signals()  # type: ignore[no-untyped-call]
        # Whoever stops a service sends this to all of its processes; the batch is finished first.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def run(settings: Settings, checks: Sequence[Check]) -> None:
    """Work until SIGTERM, which lets the batch in hand finish."""
    configure_mappers()  # once here rather than in every horse
    # RQ raises the socket's timeout by itself to what its blocking read needs.
    redis = Redis.from_url(settings.redis_url)
    jobs = job_class(job_table(settings, checks))
    # One queue a worker: with several, RQ pops in a way that can lose a job when killed.
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer, job_class=jobs)
    try:
        worker = ScreeningWorker(
            [queue],
            connection=redis,
            serializer=JSONSerializer,
            job_class=jobs,
            worker_ttl=WORKER_TTL,
            maintenance_interval=MAINTENANCE_SECONDS,
            job_monitoring_interval=MONITORING_SECONDS,
            log_job_description=False,
        )
        worker.work(logging_level="WARNING")
    except RedisError as error:
        # Whoever watches over us starts us again; meanwhile the sweep judges.
        log.error("Redis does not answer", extra={"error": type(error).__name__})
        raise SystemExit(1) from None
