"""The bell that wakes a worker. It carries nothing: what there is to do stands in the database."""

import logging
import time
from typing import Protocol

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

QUEUE = "afterword"
SCREEN = "screen"  # a name in the workers' table of jobs, never a path to import
PENDING = "afterword:bell"
PENDING_SECONDS = 5  # by then a bell that nobody answered may be rung again
SILENT_SECONDS = 2.0  # how long a Redis that failed is left alone
JOB_SECONDS = 10


class Bell(Protocol):
    def ring(self) -> None: ...


def connect(url: str, *, timeout: float = 0.25) -> "Redis":
    """A client that gives up soon: stock settings would hold a reader for 58 s."""
    return Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
    )


class RedisBell:
    """Rings by an RQ job. Never raises: when it stays silent, the sweep finds the work."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
        self._silent_until = 0.0

    def ring(self) -> None:
        if time.monotonic() < self._silent_until:
            return
        try:
            if self._redis.set(PENDING, 1, nx=True, ex=PENDING_SECONDS):
                self._queue.enqueue_call(
                    SCREEN,
                    timeout=JOB_SECONDS,
                    result_ttl=60,
                    failure_ttl=86_400,
                    description=SCREEN,
                )
        except RedisError as error:
            self._silent_until = time.monotonic() + SILENT_SECONDS
            log.warning("the bell could not be rung", extra={"error": type(error).__name__})

    def answer(self) -> None:
        """Take the bell down before looking for work, so that what comes after rings again."""
        try:
            self._redis.delete(PENDING)
        except RedisError as error:
            log.warning("the bell could not be answered", extra={"error": type(error).__name__})


class SilentBell:
    """Where there is no Redis: the sweep finds the work by itself."""

    def ring(self) -> None:
        return
