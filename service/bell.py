"""What is told through Redis: that there is work, and what changed for readers.

Both only hasten what the database says anyway: without a word, the workers' sweep finds the work
and the web processes' watch finds the changes.
"""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Protocol

import orjson
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
CHANGES = "afterword:changes"  # the channel on which processes tell each other what changed

# Keys of service/domain/cache_keys.py, and how often what they name has changed so far.
Changed = Mapping[str, int]


class Bell(Protocol):
    def ring(self) -> None:
        """Wake a worker."""

    def tell(self, changed: Changed) -> None:
        """Let nobody go on showing what was there before."""


def connect(url: str, *, timeout: float = 0.25) -> "Redis":
    """A client that gives up soon: stock settings would hold a reader for 58 s."""
    return Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
    )


class RedisBell:
    """Rings by an RQ job and tells by a message. Never raises, and leaves a dead Redis alone."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
        self._silent_until = 0.0

    def ring(self) -> None:
        self._try(self._enqueue)

    def tell(self, changed: Changed) -> None:
        if changed:
            self._try(lambda: self._redis.publish(CHANGES, orjson.dumps(changed)))

    def _enqueue(self) -> None:
        if self._redis.set(PENDING, 1, nx=True, ex=PENDING_SECONDS):
            self._queue.enqueue_call(
                SCREEN,
                timeout=JOB_SECONDS,
                result_ttl=60,
                failure_ttl=86_400,
                description=SCREEN,
            )

    def _try(self, send: Callable[[], object]) -> None:
        if time.monotonic() < self._silent_until:
            return
        try:
            send()
        except RedisError as error:
            self._silent_until = time.monotonic() + SILENT_SECONDS
            log.warning("Redis could not be told", extra={"error": type(error).__name__})

    def answer(self) -> None:
        """Take the bell down before looking for work, so that what comes after rings again."""
        try:
            self._redis.delete(PENDING)
        except RedisError as error:
            log.warning("the bell could not be answered", extra={"error": type(error).__name__})


class SilentBell:
    """Where nobody is to be told."""

    def ring(self) -> None:
        return

    def tell(self, changed: Changed) -> None:  # noqa: ARG002
        return
