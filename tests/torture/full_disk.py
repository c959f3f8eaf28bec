"""Fill up the one disk on which everything is, free it again, and go on."""

import errno
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pysqlite3

from tests.e2e.running import SITE, call, until
from tests.torture.crowd import PAGES, crowd
from tests.torture.everything import wait_for_decisions
from tests.torture.ledger import Ledger
from tests.torture.stage import Stage, staged
from tests.torture.trial import Outcome, Run
from tests.torture.verdict import judged

MIB = {"sqlite": 64, "postgresql": 384}  # a new server of PostgreSQL takes most of that
BALLAST = "ballast"
REFUSED = 5  # posts, before the disk is freed
ACCEPTED = 10  # posts, before it is filled
PATIENCE_SECONDS = 120
SETTINGS = {"worker_processes": "1", "lease_seconds": "4"}


def can_mount(folder: Path) -> bool:
    """Only root can, and not in every container."""
    try:
        with small_disk(folder / "tried", 1):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def fill_disk(run: Run) -> Outcome:
    """Database, Valkey's log of changes and all logs are on it."""
    ledger, slowest = Ledger(), 0.0
    outcome = Outcome(run, trials=run.times)
    with (
        small_disk(run.folder / "small", MIB[run.database]) as disk,
        staged(disk, run.database, **SETTINGS) as stage,
    ):
        with crowd(stage, ledger, seed=run.seed, pause=0.05) as people:
            for number in range(run.times):
                _wait_for(ledger, 202, ACCEPTED)
                with full(disk):
                    _wait_for(ledger, 503, REFUSED)
                    outcome.break_if(not _can_be_read(stage), "P8", "nothing could be read")
                began = time.monotonic()
                _wait_for(ledger, 202, 1)
                slowest = max(slowest, time.monotonic() - began)
                run.tell(number + 1)
            people.silent.set()
            freed = time.monotonic()
            decided = wait_for_decisions(stage, since=freed, run=run)
        verdict = judged(stage.url, ledger)
        outcome.broken["P8"] += [what for found in verdict.broken.values() for what in found]
        outcome.broken["P8"] += _damage(stage)
    outcome.figures["P8"] = (
        f"{verdict.accepted:,} accepted, {ledger.answers['POST', 503]:,} posts refused; accepted "
        f"again {slowest:.1f} s after there was room, all decided after {decided:.1f} s"
    )
    outcome.notes.append(f"answers {dict(ledger.answers)}")
    return outcome


def _wait_for(ledger: Ledger, status: int, count: int) -> None:
    """So many posts more that are answered so."""
    before = ledger.answers["POST", status]
    until(
        lambda: ledger.answers["POST", status] >= before + count,
        f"posts that are answered {status}",
        seconds=PATIENCE_SECONDS,
    )


def _can_be_read(stage: Stage) -> bool:
    address = f"{stage.address}/v1/comments?site={SITE}&page={PAGES[0]}&limit=7"
    return call("GET", address).status == 200


def _damage(stage: Stage) -> list[str]:
    if stage.kind != "sqlite":
        return []  # the verdict has read all that matters of it
    with closing(pysqlite3.connect(stage.url.removeprefix("sqlite:///"))) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    return [] if found == ["ok"] else found


@contextmanager
def small_disk(folder: Path, mib: int) -> Iterator[Path]:
    folder.mkdir()
    options = f"size={mib}m,mode=755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "small", folder], check=True)
    try:
        yield folder
    finally:
        # Somebody who is being killed may hold a file for a moment: it goes with the last of them.
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """To the last byte. What is freed meanwhile, somebody else may have."""
    ballast = disk / BALLAST
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
    try:
        yield
    finally:
        ballast.unlink()
