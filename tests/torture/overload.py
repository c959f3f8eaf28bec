"""Ten times as many post as can be served: the rest is told when to come back, readers go on."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import psutil
from sqlalchemy import select

from service.store.db import session_at
from service.store.models import Revision
from tests.e2e.running import SITE, call, until
from tests.torture.flood import Flood, flooding
from tests.torture.ledger import digest
from tests.torture.readers import Answers
from tests.torture.stage import Stage, staged
from tests.torture.trial import Outcome, Run
from tests.torture.verdict import undecided

PAGES = "/torture/calm", "/torture/overrun"
WARM_SECONDS = 3
SERVED = 16  # connections that a process serves as fast as it can
TEN_TIMES = 10 * (SERVED + 16)  # more than are served and may wait together
READS_A_SECOND = 20
MOST_MEMORY = 1.5  # times what is taken while as much is posted as can be served
PROMISED_SECONDS = 0.25  # for 99 of 100 reads
AGES_SECONDS = 5.0
# To judge what was accepted, while which a tenth of the processor was left for that.
DRAIN_SECONDS = 120
DRAIN_TIMES = 2  # and so many times as long as the overload lasted
MIB = 1024 * 1024


@dataclass
class Watched:
    reads: Answers = field(default_factory=Answers)
    most_memory: int = 0


def overload(run: Run) -> Outcome:
    """`times` are seconds."""
    outcome = Outcome(run, trials=run.times)
    with staged(run.folder, run.database) as stage:
        floods = [Flood(stage.port, page, run.seed) for page in PAGES]
        calm, overrun = floods
        with watched(stage) as usual:
            with flooding(calm, SERVED):
                time.sleep(WARM_SECONDS)
            until(lambda: undecided(stage.url) == 0, "calm", seconds=DRAIN_SECONDS)
        capacity = len(calm.accepted) / WARM_SECONDS
        with watched(stage) as seen, flooding(overrun, TEN_TIMES):
            for second in range(run.times):
                time.sleep(1)
                run.tell(second + 1)
        began = time.monotonic()
        until(
            lambda: undecided(stage.url) == 0,
            "an end",
            seconds=DRAIN_SECONDS + DRAIN_TIMES * run.times,
        )
        drained = time.monotonic() - began
        growth = seen.most_memory / usual.most_memory
        outcome.broken["P10"] = [
            *(what for flood in floods for what in flood.strange),
            *(lost(stage.url, calm.accepted | overrun.accepted)),
            *wrong(overrun, seen, growth, run),
        ]
    offered = sum(overrun.statuses.values()) / run.times
    outcome.figures["P10"] = (
        f"{offered:,.0f} posts a second where {capacity:,.0f} were possible: "
        f"{overrun.statuses['202']:,} accepted, {overrun.statuses['503']:,} told to come back; "
        f"{len(seen.reads.seconds):,} reads, p99 {seen.reads.percentile(0.99) * 1000:.0f} ms of "
        f"{PROMISED_SECONDS * 1000:.0f}; memory × {growth:.2f}; all decided {drained:.0f} s later"
    )
    return outcome


def wrong(overrun: Flood, seen: Watched, growth: float, run: Run) -> Iterator[str]:
    for status in ("ended", "late"):
        if count := overrun.statuses[status]:
            yield f"{count} posts without an answer: {status}"
    if not overrun.statuses["202"]:
        yield "nothing was accepted"
    if not overrun.statuses["503"]:
        yield "nothing was refused: it was no overload"
    if set(seen.reads.statuses) - {"200"}:
        yield f"readers were told {dict(seen.reads.statuses)}"
    if seen.reads.percentile(0.99) > (PROMISED_SECONDS if run.slack == 1 else AGES_SECONDS):
        yield f"one reader in a hundred waited {seen.reads.percentile(0.99):.1f} s"
    if growth > MOST_MEMORY:
        yield f"memory grew to {growth:.2f} times"


@contextmanager
def watched(stage: Stage) -> Iterator[Watched]:
    """Meanwhile people read, and somebody looks at the memory."""
    seen, enough = Watched(), threading.Event()
    path = f"{stage.address}/v1/comments?site={SITE}&page={PAGES[0]}"

    def read() -> None:
        while not enough.wait(1 / READS_A_SECOND):
            try:
                answer = call("GET", path)
                seen.reads.seconds.append(answer.seconds)
                seen.reads.statuses[str(answer.status)] += 1
            except OSError as error:
                seen.reads.statuses[type(error).__name__] += 1

    def look() -> None:
        while not enough.wait(0.5):
            seen.most_memory = max(seen.most_memory, memory(stage))

    threads = [threading.Thread(target=work) for work in (read, look)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def memory(stage: Stage) -> int:
    """That all its processes have in RAM, what they share counted once: bytes."""
    total = 0
    for process in [psutil.Process(stage.up.pid), *stage.up.descendants()]:
        with suppress(psutil.Error):
            total += process.memory_full_info().pss
    return total


def lost(database_url: str, accepted: dict[str, str]) -> Iterator[str]:
    """What was accepted is there, word for word, and nothing else."""
    with session_at(database_url) as session:
        rows = session.execute(select(Revision.comment_id, Revision.body))
        stored = {str(UUID(str(id))): digest(body) for id, body in rows}
    if missing := accepted.keys() - stored.keys():
        yield f"{len(missing)} accepted comments are lost, such as {min(missing)}"
    if altered := [id for id, kept in accepted.items() if stored.get(id, kept) != kept]:
        yield f"{len(altered)} accepted comments were altered, such as {altered[0]}"
    if others := stored.keys() - accepted.keys():
        yield f"{len(others)} comments are stored that nobody was told of, such as {min(others)}"
