"""The sweep: the same screening every few seconds, without bell and without Redis.

Each round is a process, so that a comment that kills its judge does not kill the sweep.
"""

import logging
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial

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
from service.store.retention import ADDRESSES, READERS, Timer
from workers import bulk as bulk_work
from workers import learning
from workers.checks import Check
from workers.confinement import confine_memory, end_after
from workers.screening import batch_of, in_force, screen

log = logging.getLogger(__name__)

HOUSEKEEPING_SECONDS = 3600
KEYED_TOGETHER = 200  # authors
BLANKED_TOGETHER = 200  # rows
LONGEST_HOUSE = 600  # seconds; the first time there may be years to forget
LEARNING_SECONDS = 10
COUNTING_SECONDS = 60
LONGEST_COUNT = 120  # seconds, of a single day with a million comments
LONGEST_LEARNING = 600  # seconds; a fit takes some 30 of them for 10,000 decisions
CAUGHT_UP_TOGETHER = 200
PAUSE = 0.02  # seconds, in which others may write


def screen_all(settings: Settings, checks: Sequence[Check]) -> None:
    _confined(lambda: _screen_all(settings, checks))


def keep_house(settings: Settings) -> None:
    _confined(lambda: _keep_house(settings), seconds=LONGEST_HOUSE)


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
    judged = 0
    with session_at(settings.database_url) as session:
        while time.monotonic() < until and claims.are_waiting(
            session, lease_seconds=settings.lease_seconds
        ):
            most = batch_of(settings, judged)
            judged += screen(session, bell, settings, checks, most=most)
        bulk_work.work(session, bell, longest=until - time.monotonic())
        raids.calm_down(session, bell, lambda policy: in_force(policy, settings))
        threads.close_old(session, bell)


def _keep_house(settings: Settings) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the next round finds what is due anyway
    with session_at(settings.database_url) as session:
        done = forget_what_is_due(session, settings)
    log.info("kept house", extra=done)


def forget_what_is_due(session: Session, settings: Settings) -> dict[str, int]:
    """All that docs/security.md says is kept for a time only; answers how much it was."""
    until = time.monotonic() + LONGEST_HOUSE / 2
    done = {
        "idempotency_keys_forgotten": housekeeping.forget_keys(session),
        "replays_forgotten": replaying.forget(session),
        "looks_forgotten": looking.forget(session),
        "watched_addresses_forgotten": housekeeping.forget_addresses(session),
        "sessions_and_links_forgotten": housekeeping.forget_entries(session),
        "batches_forgotten": bulk.forget(session),
    }
    for name, step in _steps(settings).items():
        done[name] = _in_steps(partial(step, session), until=until)
    return done


def _steps(settings: Settings) -> dict[str, Callable[[Session], int]]:
    """What may be much, each as a step so short that nobody who posts waits for it."""

    def blanked(timers: Sequence[Timer], days: int) -> Callable[[Session], int]:
        return lambda session: sum(
            housekeeping.blank(session, timer, days=days, most=BLANKED_TOGETHER) for timer in timers
        )

    return {
        "authors_keyed": lambda session: housekeeping.key_authors(
            session, secret=settings.secret, most=KEYED_TOGETHER
        ),
        "addresses_forgotten": blanked(ADDRESSES, settings.keep_addresses_days),
        "readers_forgotten": blanked(READERS, settings.keep_readers_days),
        "emails_looked_at": lambda session: housekeeping.forget_emails(
            session, days=settings.keep_emails_days, most=BLANKED_TOGETHER
        ),
    }


def _in_steps(step: Callable[[], int], *, until: float) -> int:
    total = 0
    while time.monotonic() < until and (done := step()):
        total += done
        time.sleep(PAUSE)
    return total


def _count_days(settings: Settings) -> None:
    until = time.monotonic() + JOB_SECONDS / 2
    with session_at(settings.database_url) as session:
        for site in sites.known(session, None):
            for day in counting.uncounted_days(session, site.id):
                if time.monotonic() > until:
                    return  # the next round goes on
                counting.count_day(session, site.id, day)


def _learn(settings: Settings) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the next round finds what is due anyway
    with session_at(settings.database_url) as session:
        while catching_up.enter_older(session, batch=CAUGHT_UP_TOGETHER):
            time.sleep(PAUSE)
        learning.learn_all(session)
