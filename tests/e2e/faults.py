"""Faults: processes that are killed without warning, in an order that a printed seed decides."""

import contextlib
import os
import random
import signal
import time
from datetime import datetime

import psutil
from sqlalchemy import func, select

from service.domain.states import State
from service.store.db import session_at
from service.store.models import Revision
from tests.e2e.running import Started, until

KINDS = ("rq", "rq", "rq", "batch", "batch", "batch", "batch", "batch", "sweep", "sweep")
WORKERS = 2  # of the kind rq, in each of the tests
CATCH_SECONDS = 5.0  # how long to lie in wait for what lasts for milliseconds only


def new_seed() -> int:
    """Printed, so that E2E_SEED can ask for the same again."""
    seed = int(os.environ.get("E2E_SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"The faults' seed: E2E_SEED={seed}")
    return seed


class Killer:
    """Kills what judges comments: RQ workers and the sweep.

    A `batch` is all RQ workers at a moment when one of them has claimed comments and has not
    decided on them yet; only the database knows of it, and not which of them it is.
    """

    def __init__(self, started: Started, database_url: str, seed: int) -> None:
        self.started = started
        self.database_url = database_url
        self.chance = random.Random(seed)
        self.killed: list[str] = []

    def kill_workers(self, *, pause: float) -> None:
        """Ten times, one of each of KINDS."""
        for kind in self.chance.sample(KINDS, len(KINDS)):
            time.sleep(self.chance.uniform(0.5, 1.5) * pause)
            self._kill(kind)

    def _kill(self, kind: str) -> None:
        """What lasts for a moment only, or else a process that stays."""
        kill = self._kill_batch if kind == "batch" else lambda: self._kill_one(kind)
        deadline = time.monotonic() + CATCH_SECONDS
        while time.monotonic() < deadline:
            if kill():
                self.killed.append(kind)
                return
        self.killed.append(f"rq instead of {kind}")
        until(lambda: self._kill_one("rq"), "an rq to kill")

    def _kill_one(self, kind: str) -> bool:
        found = self.started.judges(kind)
        return bool(found) and _kill(self.chance.choice(found))

    def _kill_batch(self) -> bool:
        workers = self.started.judges("rq")
        if len(workers) < WORKERS:  # the one that is being started again might have it
            return False
        lease = wait_for_claim(self.database_url)
        for worker in workers:
            _send(worker, signal.SIGSTOP)
        in_hand = lease is not None and is_undecided(self.database_url, lease)
        for worker in workers:
            _send(worker, signal.SIGKILL if in_hand else signal.SIGCONT)
        return in_hand


def wait_for_claim(database_url: str) -> datetime | None:
    """The end of the lease on comments that were claimed just now; nobody decided on them yet."""
    latest = select(func.max(Revision.lease_until)).where(Revision.state == State.RECEIVED)
    deadline = time.monotonic() + CATCH_SECONDS
    with session_at(database_url) as session:
        before: datetime | None = session.scalar(latest)
        while time.monotonic() < deadline:
            session.rollback()
            at = session.scalar(latest)
            if at is not None and (before is None or at > before):
                return at
    return None


def is_undecided(database_url: str, lease: datetime) -> bool:
    """Whether somebody still has in hand what was claimed until then."""
    in_hand = (Revision.state == State.RECEIVED) & (Revision.lease_until == lease)
    with session_at(database_url) as session:
        return session.scalar(select(func.count()).where(in_hand)) != 0


def _send(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def _kill(process: psutil.Process) -> bool:
    """Whether it was alive until now."""
    with contextlib.suppress(psutil.NoSuchProcess):
        if process.status() != psutil.STATUS_ZOMBIE:
            process.kill()
            return True
    return False
