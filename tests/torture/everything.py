"""Kill everything, one after the other and all at once, while people post, read and moderate."""

import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator

from service.domain.states import State
from tests.e2e.running import call, until
from tests.torture.crowd import PAGES, Crowd, crowd, reading
from tests.torture.killing import kill_in_turns, survivors
from tests.torture.ledger import Ledger
from tests.torture.stage import Stage, staged
from tests.torture.trial import Outcome, Run
from tests.torture.verdict import Verdict, judged, undecided

DECIDED_WITHIN = 60  # seconds after the last fault
PAUSE = 0.3  # seconds between two kills, beside what finding the victim and starting it again takes
PROMPT_SECONDS = 1  # with the bell; the sweep alone takes three
BELL_BACK_SECONDS = 30
SEEN = 5  # texts, at least
SETTINGS = {"web_processes": "2", "worker_processes": "2", "lease_seconds": "4"}


def kill_everything(run: Run) -> Outcome:
    ledger = Ledger()
    with staged(run.folder, run.database, **SETTINGS) as stage:
        with crowd(stage, ledger, seed=run.seed, reading=reading(run)) as people:
            kill_in_turns(stage, seed=run.seed, times=run.times, pause=PAUSE, tell=run.tell)
            last_fault = time.monotonic()
            people.silent.set()
            stage.wait_until_back()
            decided = wait_for_decisions(stage, since=last_fault, run=run)
            late = undecided(stage.url)
            wait_until_seen(ledger)
        wait_for_bell(people, run)
        verdict = judged(stage.url, ledger)
        outcome = Outcome(run, trials=len(stage.faults), broken=verdict.broken)
        outcome.broken["P1"] += [f"outlived its parent: {one}" for one in survivors(stage)]
        outcome.break_if(late > 0, "P2", f"{late} comments undecided after {decided:.0f} s")
        outcome.broken["P16"] = [*wrong_health(ledger), *wrong_metrics(stage, verdict)]
    again = sum(row.attempts > 1 for row in verdict.rows)
    outcome.figures |= {
        "P1": f"{verdict.accepted:,} accepted, slowest after {ledger.slowest:.1f} s",
        "P2": f"the last decided {decided:.1f} s after the last kill; {again} judged again",
        "P4": f"{ledger.reads:,} reads, {len(ledger.seen):,} texts seen",
        "P5": f"{len(ledger.decided):,} decisions of moderators",
        "P16": f"{len(ledger.health):,} answers of /readyz",
    }
    killed = Counter(fault for _, fault in stage.faults)
    outcome.notes += [f"killed {dict(killed)}", f"answers {dict(ledger.answers)}"]
    return outcome


def wait_for_decisions(stage: Stage, *, since: float, run: Run) -> float:
    """As long as is promised; what is undecided then, the verdict counts."""
    while (seconds := time.monotonic() - since) < DECIDED_WITHIN * run.slack:
        if not undecided(stage.url):
            break
        time.sleep(0.1)
    return seconds


def wait_until_seen(ledger: Ledger) -> None:
    """Readers who see nothing would see no wrong either. While all is killed, little is judged."""
    until(lambda: len(ledger.seen) >= SEEN, "comments that are read", seconds=DECIDED_WITHIN)
    until(lambda: ledger.decided, "decisions of moderators", seconds=DECIDED_WITHIN)


def wait_for_bell(people: Crowd, run: Run) -> None:
    """Until most comments are decided on sooner than the sweep would."""
    chance = random.Random(f"{run.seed} bell")

    def is_prompt() -> bool:
        times = [seconds_to_decision(people, chance) for _ in range(3)]
        return statistics.median(times) < PROMPT_SECONDS * run.slack

    until(is_prompt, "the bell", seconds=BELL_BACK_SECONDS)


def seconds_to_decision(people: Crowd, chance: random.Random) -> float:
    people.post_new(chance, chance.choice(PAGES))
    began = time.monotonic()
    until(lambda: undecided(people.stage.url) == 0, "a decision", seconds=DECIDED_WITHIN)
    return time.monotonic() - began


def wrong_health(ledger: Ledger) -> Iterator[str]:
    """Ready is 200, whether Redis is there or not; all else is 503."""
    right = {(200, "ok"), (200, "degraded"), (503, "unavailable")}
    for one in ledger.health:
        if (one.status, one.says) not in right:
            yield f"/readyz answered {one.status} {one.says}"
    if not ledger.health or ledger.health[-1].status != 200:
        yield f"in the end /readyz said {ledger.health[-1:]}"


def wrong_metrics(stage: Stage, verdict: Verdict) -> Iterator[str]:
    """The figures for those who are paged are those of the database."""
    held = sum(row.state == State.HELD for row in verdict.rows)
    expected = {"held": held, "screening_queue_depth": 0, "screening_oldest_seconds": 0}
    lines = call("GET", f"{stage.address}/metrics").text.splitlines()
    for name, value in expected.items():
        if f"afterword_{name} {float(value)}" not in lines:
            told = [line for line in lines if line.startswith(f"afterword_{name} ")]
            yield f"afterword_{name} should be {value}: {told}"
