"""Outages: Redis or the database is away for a while, and comes back, while people go on."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.e2e.running import until
from tests.torture.crowd import crowd, reading
from tests.torture.everything import DECIDED_WITHIN, wait_for_decisions, wait_until_seen
from tests.torture.ledger import Call, Ledger
from tests.torture.stage import Stage
from tests.torture.trial import Outcome, Run
from tests.torture.verdict import judged

NOTICED_WITHIN = 5  # seconds, by whoever asks /readyz; and as much until it is ready again
BACK_WITHIN = 5  # until the first comment is taken again
SHORT, LONG = 2.5, 10.0  # seconds that outages last within `make test`; by night the first of each
BRIEF = 1.0  # seconds, on average, that those after the first last by night
PATIENCE = 60


@dataclass(frozen=True)
class Outage:
    """`says` is what /readyz answers meanwhile; `brief`, how many seconds most of them last."""

    name: str
    begin: Callable[[], object]
    end: Callable[[], object]
    says: str
    brief: float = BRIEF


@dataclass
class Suffered:
    """When an outage began and ended; after how many seconds health told of either."""

    name: str
    began: float
    noticed: float
    ended: float = 0.0
    well: float = 0.0
    taken: float = 0.0  # and the first comment was taken

    def calls(self, ledger: Ledger) -> list[Call]:
        """Posts that were answered, and began while it lasted."""
        return [
            call
            for text in ledger.texts
            for call in text.calls
            if call.ended and call.status and self.began <= call.began <= self.ended
        ]


def suffered(stage: Stage, ledger: Ledger, outages: Sequence[Outage], run: Run) -> list[Suffered]:
    """One after the other, while a crowd posts and reads; at the end all is decided or late."""
    all_of_them: list[Suffered] = []
    chance = random.Random(run.seed)
    with crowd(stage, ledger, seed=run.seed, reading=reading(run)) as people:
        until(lambda: ledger.accepted > 10, "posts", seconds=PATIENCE)
        for number in range(run.times):
            outage = outages[number % len(outages)]
            lasts = chance.uniform(0.5, 1.5) * outage.brief
            if run.is_hurried:
                lasts = SHORT
            elif number < len(outages):
                lasts = LONG
            all_of_them.append(suffer(stage, ledger, outage, lasts))
            run.tell(number + 1)
        since = time.monotonic()
        people.silent.set()
        wait_for_decisions(stage, since=since, run=run)
        wait_until_seen(ledger)
    return all_of_them


def suffer(stage: Stage, ledger: Ledger, outage: Outage, lasts: float) -> Suffered:
    stage.note(outage.name)
    began = time.time()
    outage.begin()
    suffered = Suffered(outage.name, began, seconds_until_said(ledger, outage.says))
    time.sleep(max(0.0, began + lasts - time.time()))
    outage.end()
    suffered.ended = time.time()
    suffered.well = seconds_until_said(ledger, "ok")
    until(lambda: first_taken(ledger, suffered.ended), "a post that is taken", seconds=PATIENCE)
    suffered.taken = first_taken(ledger, suffered.ended) - suffered.ended
    return suffered


def seconds_until_said(ledger: Ledger, what: str) -> float:
    began = time.time()

    def is_said() -> bool:
        return any(one.at > began and one.says == what for one in ledger.health[-20:])

    until(is_said, f"/readyz: {what}", seconds=PATIENCE)
    return time.time() - began


def first_taken(ledger: Ledger, since: float) -> float:
    """When the first post that began since then was answered with 202; 0 if none was."""
    times = [
        call.ended or 0.0
        for text in ledger.texts[-200:]
        for call in text.calls
        if call.began > since and call.status == 202
    ]
    return min(times, default=0.0)


def judge(stage: Stage, ledger: Ledger, run: Run, all_of_them: Sequence[Suffered]) -> Outcome:
    """What every outage has to leave unharmed; how long health and posts took to come back."""
    verdict = judged(stage.url, ledger)
    outcome = Outcome(run, trials=len(all_of_them), broken=verdict.broken)
    outcome.broken["P16"] = list(_late(all_of_them, run))
    outcome.figures["P16"] = (
        f"told after {max(one.noticed for one in all_of_them):.1f} s at most, "
        f"well again after {max(one.well for one in all_of_them):.1f} s"
    )
    outcome.figures["P2"] = f"{len(verdict.of('P2'))} undecided after {DECIDED_WITHIN} s"
    outcome.figures["P4"] = f"{ledger.reads:,} reads"
    outcome.notes += [
        f"{one.name}: told after {one.noticed:.1f} s, well {one.well:.1f} s, taken "
        f"{one.taken:.1f} s after; {_told(one.calls(ledger))}"
        for one in all_of_them
    ]
    outcome.notes.append(f"answers {dict(ledger.answers)}")
    return outcome


def _late(all_of_them: Sequence[Suffered], run: Run) -> Iterator[str]:
    for one in all_of_them:
        if one.noticed > NOTICED_WITHIN * run.slack:
            yield f"{one.name}: /readyz told after {one.noticed:.1f} s"
        if one.well > NOTICED_WITHIN * run.slack:
            yield f"{one.name}: ready {one.well:.1f} s after it was over"


def _told(calls: Sequence[Call]) -> str:
    if not calls:
        return "no posts"
    slowest = max(seconds(call) for call in calls)
    counts = {status: sum(call.status == status for call in calls) for status in (202, 503)}
    return f"posts {counts}, slowest {slowest:.2f} s"


def seconds(call: Call) -> float:
    return (call.ended or call.began) - call.began


def percentile(calls: Sequence[Call], share: float) -> float:
    times = sorted(seconds(call) for call in calls)
    return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0
