"""Faults: processes that are killed without warning, in an order that a printed seed decides."""

import contextlib
import os
import random
import shutil
import time
from datetime import datetime
from pathlib import Path

import psutil
from sqlalchemy import func, select

from service.domain.states import State
from service.store.db import session_at
from service.store.models import Revision
from tests.e2e.running import VALKEY, Started, children_of, is_alive, until

KINDS = ("rq", "horse", "batch", "batch", "batch", "horse", "sweep", "sweeping", "batch", "rq")
CATCH_SECONDS = 3.0  # how long to lie in wait for a process that lives for milliseconds only


def new_seed() -> int:
    """Printed, so that E2E_SEED can ask for the same again."""
    seed = int(os.environ.get("E2E_SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"The faults' seed: E2E_SEED={seed}")
    return seed


class Killer:
    """Kills what judges comments: RQ workers, their horses, the sweep and its child.

    A `batch` is a horse that has claimed comments just now and has not decided on them yet.
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
        """Of the short-lived ones whichever shows up in time, or else its parent."""
        word = "sweep" if kind.startswith("sweep") else "rq"
        deadline = time.monotonic() + CATCH_SECONDS
        while time.monotonic() < deadline:
            found = self.started.children(word)
            if kind not in ("rq", "sweep"):
                found = [child for parent in found for child in children_of(parent.pid)]
            if found and self._kill_one(self.chance.choice(found), kind):
                self.killed.append(kind)
                return
        self.killed.append(f"{word} instead of {kind}")
        until(lambda: any(map(_kill, self.started.children(word))), f"a {word} to kill")

    def _kill_one(self, process: psutil.Process, kind: str) -> bool:
        if kind == "batch":
            wait_for_claim(process, self.database_url)
        elif kind == "horse":
            time.sleep(self.chance.uniform(0, 0.1))
        return _kill(process)


def wait_for_claim(judge: psutil.Process, database_url: str) -> bool:
    """Whether comments were claimed, and are not decided on yet, before the judge was through."""
    latest = select(func.max(Revision.lease_until)).where(Revision.state == State.RECEIVED)
    with session_at(database_url) as session:
        before: datetime | None = session.scalar(latest)
        while is_alive(judge):
            session.rollback()
            now = session.scalar(latest)
            if now is not None and (before is None or now > before):
                return True
    return False


def horses(workers: Started) -> list[psutil.Process]:
    return [horse for rq in workers.children("rq") for horse in children_of(rq.pid)]


def _kill(process: psutil.Process) -> bool:
    """Whether it was alive until now."""
    with contextlib.suppress(psutil.NoSuchProcess):
        if process.status() != psutil.STATUS_ZOMBIE:
            process.kill()
            return True
    return False


def kill_valkey(up: Started, data: Path) -> None:
    """As if its disk was lost, too."""
    valkey = up.child(VALKEY)
    valkey.kill()
    shutil.rmtree(data / "valkey")
    (data / "valkey.sock").unlink(missing_ok=True)
    until(lambda: up.children(VALKEY) not in ([], [valkey]), "another Valkey", seconds=15)
