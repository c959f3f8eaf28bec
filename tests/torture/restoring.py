"""Make backups while comments come in, restore each to a new place, and go on from the last."""

import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from service.actions.sites import add_site
from service.domain.states import State
from service.store.db import session_at
from service.store.migrating import migrate
from service.store.verifying import verify
from tests.e2e.load import TEXTS, Ledger, stored, wait_until_decided
from tests.e2e.running import SITE, Processes, until
from tests.torture.backing_up import Way, address_of, way_of
from tests.torture.stage import parts
from tests.torture.trial import Outcome, Run

WRITERS = 4
PAUSE = 0.25  # seconds between two posts of one of them
BETWEEN = 10  # comments, at least, that come from one backup to the next
PATIENCE_SECONDS = 60


def restore_backups(run: Run) -> Outcome:
    """`times` backups."""
    outcome, ledger = Outcome(run, trials=run.times), Ledger()
    before: list[dict[str, str]] = []  # what was accepted before each backup began
    took = {"backing up": 0.0, "restoring": 0.0}
    with installed(run) as (way, processes, settings):
        with taking_comments(processes, settings, ledger):
            for number in range(run.times):
                before.append(_with_more(ledger))
                with timed(took, "backing up"):
                    way.back_up(number)
                run.tell(number + 1)
        for number in range(run.times):
            began = time.monotonic()
            with way.restored(number) as url:
                took["restoring"] = max(took["restoring"], time.monotonic() - began)
                outcome.broken["P12"] += _wrong(url, before[number], ledger)
                if number == run.times - 1:
                    there = settings | {"database_url": url}
                    outcome.broken["P12"] += _wrong_at_work(processes, there, ledger)
    outcome.broken["P12"] += ledger.refused
    outcome.figures["P12"] = (
        f"of {len(ledger.accepted):,} comments all from before each; backing up took "
        f"{took['backing up']:.1f} s, restoring {took['restoring']:.1f} s at most"
    )
    return outcome


@contextmanager
def installed(run: Run) -> Iterator[tuple[Way, Processes, dict[str, str]]]:
    """A database, and what else a service needs."""
    with parts(run.folder, run.database) as (database, processes, settings):
        settings["database_url"] = address_of(database)
        set_up(settings["database_url"])
        yield way_of(database, processes, settings), processes, settings


def set_up(database_url: str) -> None:
    migrate(database_url)
    with session_at(database_url) as session:
        add_site(session, key=SITE, name="The Harbour Gazette", origins=[], by="test")


@contextmanager
def taking_comments(
    processes: Processes, settings: dict[str, str], ledger: Ledger
) -> Iterator[None]:
    """A service to which comments come until this ends; then all are decided on."""
    web, worker = processes.web(**settings), processes.start("worker", **settings)
    numbers, enough = itertools.count(), threading.Event()

    def write() -> None:
        while not enough.wait(PAUSE):
            number = next(numbers)
            ledger.post(web.address, TEXTS[number % len(TEXTS)].format(number))

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write) for _ in range(WRITERS)]
        try:
            yield
        finally:
            enough.set()
    for one in writing:
        one.result()
    wait_until_decided(settings["database_url"], seconds=PATIENCE_SECONDS)
    worker.terminate()
    web.terminate()


@contextmanager
def timed(took: dict[str, float], what: str) -> Iterator[None]:
    """The longest of all."""
    began = time.monotonic()
    yield
    took[what] = max(took[what], time.monotonic() - began)


def _with_more(ledger: Ledger) -> dict[str, str]:
    """What was accepted until now, some more than before."""
    already = len(ledger.accepted)
    enough = already + BETWEEN
    until(lambda: len(ledger.accepted) >= enough, "more comments", seconds=PATIENCE_SECONDS)
    return dict(ledger.accepted)


def _wrong(url: str, before: dict[str, str], ledger: Ledger) -> Iterator[str]:
    """All from before the backup is there, word for word, and nothing that was never sent."""
    rows = {row.comment: row.digest for row in stored(url)}
    for comment, digest in before.items():
        if rows.get(comment) != digest:
            yield f"{comment}, which is older than the backup, is {rows.get(comment, 'not there')}"
    yield from (f"nobody sent {comment}" for comment in rows.keys() - ledger.accepted.keys())


def _wrong_at_work(processes: Processes, settings: dict[str, str], ledger: Ledger) -> Iterator[str]:
    """What waited is judged, new comments are, too, and the audit log is as it was written."""
    url = settings["database_url"]
    before = len(stored(url))
    with taking_comments(processes, settings, ledger):
        _with_more(ledger)
    rows = stored(url)
    if len(rows) < before + BETWEEN:
        yield f"{len(rows)} comments after {before} and {BETWEEN} more"
    yield from (f"{row.comment} is {row.state}" for row in rows if row.state == State.RECEIVED)
    with session_at(url) as session:
        yield from (problem.in_words() for problem in verify(session))
