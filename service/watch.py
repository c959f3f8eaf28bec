"""Keeps the lane honest: learns what changed from the database, and sooner from Redis.

The database is asked every few seconds, which finds what no message told; as long as it answers,
the lane may rely on what it has. So a lost message, or no Redis at all, delays a purge by no more
than `LOOK_SECONDS`, and a database that is away makes the lane distrust all it has.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

import orjson
from redis import Redis, RedisError
from redis.client import PubSub
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service.actions import housekeeping
from service.bell import CHANGES, Bell, Changed
from service.domain.cache_keys import is_site_key
from service.lane.lane import Lane
from service.store import changes, claims, sites

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.5
VOUCHED_SECONDS = 3.5  # two looks may take their time or fail once
# Changes are looked for this far back, since a transaction commits after it noted its time.
OVERLAP_SECONDS = 30.0
COUNT_SECONDS = 3.0
MOST_AT_ONCE = 2  # processes that renew one answer
AT_ONCE_MILLISECONDS = 50


class Watch:
    def __init__(
        self,
        lane: Lane,
        engine: Engine,
        redis: "Redis",
        turned_away: Mapping[str, int] | None = None,
    ) -> None:
        self._lane = lane
        self._figures = {"lane_events": lane.counts, "turned_away": turned_away or {}}
        self._engine = engine
        self._redis = redis
        self._listener: PubSub | None = None
        self._seen: dict[str, int] = {}
        self._heard: dict[str, int] = {}  # since the latest look began
        self._looked_at = float("-inf")
        self._clock = datetime.now(UTC)  # the database's, when it was last looked
        self._counted: dict[tuple[str, str], int] = {}
        self._counted_at = 0.0
        self._processes = 1

    def start(self) -> None:
        threading.Thread(
            target=self.run, args=(threading.Event(),), name="watch", daemon=True
        ).start()

    def run(self, stopping: threading.Event) -> None:
        """Look and listen in turns until told to stop."""
        while not stopping.is_set():
            began = time.monotonic()
            self._try(self._look_and_count)
            self._try(partial(self._listen, began + LOOK_SECONDS))
            stopping.wait(began + LOOK_SECONDS - time.monotonic())
        self.hang_up()

    def look(self) -> None:
        """Ask the database what changed. Raises SQLAlchemyError."""
        began = time.monotonic()
        heard: dict[str, int] = {}
        self._heard = heard
        with Session(self._engine) as session:
            clock = claims.clock(session)
            found = changes.since(session, seconds=OVERLAP_SECONDS)
        passed = began - self._looked_at
        was_set = abs((clock - self._clock).total_seconds() - passed) > OVERLAP_SECONDS / 2
        if passed > OVERLAP_SECONDS / 2 or was_set:
            self._lane.purge_all()  # something may have changed that is no longer found
        self._clock = clock
        self._purge([key for key, n in found.items() if self._seen.get(key) != n])
        self._seen = found | heard
        self._looked_at = began
        self._lane.vouch(began + VOUCHED_SECONDS)

    def listen(self, seconds: float) -> None:
        """Take messages for so long. Raises RedisError."""
        if self._listener is None:
            listener = PubSub(self._redis.connection_pool, ignore_subscribe_messages=True)
            listener.subscribe(CHANGES)
            self._listener = listener
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            message = self._listener.get_message(timeout=left)
            if message is not None:
                self.hear(_changed(message["data"]))

    def hear(self, changed: Changed) -> None:
        new = [key for key, n in changed.items() if self._seen.get(key) != n]
        self._seen.update(changed)
        self._heard.update(changed)
        self._purge(new)

    def _purge(self, keys: Sequence[str]) -> None:
        if any(map(is_site_key, keys)):
            sites.forget()  # first, or a page would be made anew from what is remembered
        self._lane.purge(keys)

    def count_processes(self) -> None:
        """How many listen as this one does. Raises RedisError."""
        [(_, self._processes)] = self._redis.pubsub_numsub(CHANGES)

    def may_renew(self, url: object) -> bool:
        """False while enough other processes are renewing this answer."""
        if self._processes <= MOST_AT_ONCE:
            return True
        digest = hashlib.blake2b(repr(url).encode(), digest_size=16).hexdigest()
        key = f"afterword:renewing:{digest}"
        try:
            with self._redis.pipeline(transaction=False) as commands:
                commands.set(key, 0, nx=True, px=AT_ONCE_MILLISECONDS)
                commands.incr(key)
                return bool(commands.execute()[1] <= MOST_AT_ONCE)
        except RedisError:
            return True

    def count(self) -> None:
        """Put what happened since the last time into the figures. Raises SQLAlchemyError."""
        counts = {
            (name, event): count
            for name, events in self._figures.items()
            for event, count in dict(events).items()
        }
        new = {key: count - self._counted.get(key, 0) for key, count in counts.items()}
        if any(new.values()):
            with Session(self._engine) as session:
                housekeeping.count(session, {key: n for key, n in new.items() if n})
        self._counted = counts

    def _look_and_count(self) -> None:
        self.look()
        if time.monotonic() > self._counted_at + COUNT_SECONDS:
            self._counted_at = time.monotonic()
            self.count()

    def _listen(self, until: float) -> None:
        self.count_processes()
        self.listen(until - time.monotonic())

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (SQLAlchemyError, RedisError) as error:
            self.hang_up()
            log.warning("the watch saw nothing", extra={"error": type(error).__name__})
        except Exception as error:
            log.error("the watch failed", extra={"error": type(error).__name__})

    def hang_up(self) -> None:
        self._processes = 1
        if self._listener is not None:
            self._listener.close()
            self._listener = None


class ListeningBell:
    """Another bell, in a process whose own lane is to hear at once what is told."""

    def __init__(self, bell: Bell, watch: Watch) -> None:
        self._bell = bell
        self._watch = watch

    def ring(self) -> None:
        self._bell.ring()

    def tell(self, changed: Changed) -> None:
        self._watch.hear(changed)
        self._bell.tell(changed)


def _changed(data: bytes) -> dict[str, int]:
    """What a message says. Whoever can write to Redis can at most have pages made anew."""
    try:
        told = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(told, dict):
        return {}
    return {key: n for key, n in told.items() if isinstance(n, int)}
