"""The sweep: the same screening every few seconds, without bell and without Redis.

Each round is a process, so that a comment that kills its judge does not kill the sweep.
"""

import logging
import signal
import time
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from service.actions import (
    bulk,
    catching_up,
    counting,
    housekeeping,
    looking,
    raids,
    replaying,
    threads,
)
from service.bell import JOB_SECONDS, RedisBell, connect
from service.config import Settings
from service.store import claims, sites
from service.store.db import session_at
from workers import bulk as bulk_work
from workers import learning
from workers.checks import Check
from workers.confinement import confine_memory, end_after
from workers.screening import in_force, screen

log = logging.getLogger(__name__)

HOUSEKEEPING_SECONDS = 3600
KEYED_TOGETHER = 200  # authors
LEARNING_SECONDS = 10
COUNTING_SECONDS = 60
LONGEST_COUNT = 120  # seconds, of a single day with a million comments
LONGEST_LEARNING = 600  # seconds; a fit takes some 30 of them for 10,000 decisions
CAUGHT_UP_TOGETHER = 200
PAUSE = 0.02  # seconds, in which others may write


def screen_all(settings: Settings, checks: Sequence[Check]) -> None:
    _confined(lambda: _screen_all(settings, checks))


def keep_house(settings: Settings) -> None:
    _confined(lambda: _keep_house(settings))


def count_days(settings: Settings) -> None:
    _confined(lambda: _count_days(settings), seconds=LONGEST_COUNT)


def learn(settings: Settings) -> None:
    _confined(lambda: _learn(settings), seconds=LONGEST_LEARNING)


def _confined(work: Callable[[], None], *, seconds: int = JOB_SECONDS) -> None:
    confine_memory()
    end_after(seconds)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the parent waits; the batch is finished
    try:
        work()
    except Exception as error:
        # Only the kind: messages of the database quote what people wrote.
        log.error("the sweep failed", extra={"error": type(error).__name__})


def _screen_all(settings: Settings, checks: Sequence[Check]) -> None:
    until = time.monotonic() + JOB_SECONDS / 2  # well before the alarm, which is for what hangs
    bell = RedisBell(connect(settings.redis_url))
    with session_at(settings.database_url) as session:
        while time.monotonic() < until and claims.are_waiting(session):
            screen(session, bell, settings, checks)
        bulk_work.work(session, bell, longest=until - time.monotonic())
        raids.calm_down(session, bell, lambda policy: in_force(policy, settings))
        threads.close_old(session, bell)


def _keep_house(settings: Settings) -> None:
    with session_at(settings.database_url) as session:
        forgotten = {
            "idempotency_keys_forgotten": housekeeping.forget_keys(session),
            "replays_forgotten": replaying.forget(session),
            "looks_forgotten": looking.forget(session),
            "addresses_forgotten": housekeeping.forget_addresses(session),
            "authors_keyed": _key_authors(session, settings.secret),
            "batches_forgotten": bulk.forget(session),
        }
    log.info("kept house", extra=forgotten)


def _count_days(settings: Settings) -> None:
    until = time.monotonic() + JOB_SECONDS / 2
    with session_at(settings.database_url) as session:
        for site in sites.known(session, None):
            for day in counting.uncounted_days(session, site.id):
                if time.monotonic() > until:
                    return  # the next round goes on
                counting.count_day(session, site.id, day)


def _key_authors(session: Session, secret: str) -> int:
    """In steps so short that nobody who posts waits for one."""
    until, keyed = time.monotonic() + JOB_SECONDS / 2, 0
    while time.monotonic() < until:
        step = housekeeping.key_authors(session, secret=secret, most=KEYED_TOGETHER)
        keyed += step
        if step < KEYED_TOGETHER:
            break
    return keyed


def _learn(settings: Settings) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the next round finds what is due anyway
    with session_at(settings.database_url) as session:
        while catching_up.enter_older(session, batch=CAUGHT_UP_TOGETHER):
            time.sleep(PAUSE)
        learning.learn_all(session)
