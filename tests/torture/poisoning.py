"""Comments that break whoever judges them, among others: they harm only themselves."""

import random
import statistics
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from service.domain.states import State
from service.store.claims import MAX_ATTEMPTS
from tests.e2e.running import PAGE, SITE, call, until
from tests.factories import a_text
from tests.torture.ledger import Ledger, Text, digest
from tests.torture.poisoned_worker import DEADLY, HARMLESS, SLOW, poison
from tests.torture.stage import parts
from tests.torture.trial import Outcome, Run
from tests.torture.verdict import Stored, judged, undecided

WRITERS = 4
PAUSE = 0.2  # seconds between two posts of one of them, on average
OTHERS = 10  # comments, at least, from one poison to the next
DECIDED_WITHIN = 60
KINDS = (*DEADLY, *HARMLESS, *SLOW)
BROKE_OFF = "screening"  # the check that operators are alerted of
SETTINGS = {"lease_seconds": "2", "sweep_seconds": "1"}


def poison_judges(run: Run) -> Outcome:
    """`times` poisons, one kind after the other."""
    ledger, chance = Ledger(), random.Random(run.seed)
    kinds: dict[str, str] = {}  # of the poisons, by their marks
    with judging(run) as (address, database_url):
        post(address, ledger, chance)
        waited = DECIDED_WITHIN * run.slack
        until(lambda: not undecided(database_url), "a first decision", seconds=waited)
        with writing(address, ledger, seed=run.seed):
            _wait_for_others(ledger, 3 * OTHERS)
            began = time.time()
            for number in range(run.times):
                kind = KINDS[number % len(KINDS)]
                kinds[post(address, ledger, chance, poison(kind))] = kind
                _wait_for_others(ledger, OTHERS)
                run.tell(number + 1)
        ended = time.monotonic()
        until(lambda: not undecided(database_url), "decisions", seconds=waited)
        decided, alerts = time.monotonic() - ended, alerted(address)
        verdict = judged(database_url, ledger)
    outcome = Outcome(run, trials=run.times)
    outcome.broken["P9"] = [what for found in verdict.broken.values() for what in found]
    outcome.broken["P9"] += _wrongly_ended(verdict.rows, kinds)
    unjudged = sum(kind not in HARMLESS for kind in kinds.values())
    outcome.break_if(alerts != unjudged, "P9", f"{unjudged} were not judged, {alerts} are told of")
    others = [row for row in verdict.rows if _kind(row, kinds) is None]
    before = [_seconds(row) for row in others if _posted(row) < began]
    among = [_seconds(row) for row in others if _posted(row) >= began]
    outcome.figures["P9"] = (
        f"{len(kinds) / len(verdict.rows):.1%} of {len(verdict.rows):,} comments are poison; the "
        f"others decided on after {_p95(before):.2f} s before and {_p95(among):.2f} s among it "
        f"(p95), all {decided:.1f} s after the last"
    )
    return outcome


@contextmanager
def judging(run: Run) -> Iterator[tuple[str, str]]:
    """The addresses of a service whose judges can be poisoned, and of its database."""
    with parts(run.folder, run.database, **SETTINGS) as (database, processes, settings):
        processes.set_up(**settings)
        web = processes.web(**settings)
        processes.start("worker", module="tests.torture.poisoned_worker", **settings)
        yield web.address, database.url


@contextmanager
def writing(address: str, ledger: Ledger, *, seed: int) -> Iterator[None]:
    """Meanwhile harmless comments come in."""
    enough = threading.Event()

    def write(number: int) -> None:
        chance = random.Random(f"{seed} writer {number}")
        while not enough.wait(chance.expovariate(1 / PAUSE)):
            post(address, ledger, chance)

    with ThreadPoolExecutor(WRITERS) as pool:
        waiting = [pool.submit(write, number) for number in range(WRITERS)]
        try:
            yield
        finally:
            enough.set()
    for one in waiting:
        one.result()


def post(address: str, ledger: Ledger, chance: random.Random, more: str = "") -> str:
    """A comment that has to be taken; answers its mark."""
    mark = f"mark{chance.getrandbits(64):016x}"
    body = f"{a_text(chance.getrandbits(40))} {more} {mark}"
    text = Text(mark, digest(body))
    new = {"site": SITE, "page": PAGE, "body": body, "author": {"name": "Ann"}}
    noted = ledger.begin(text)
    answer = call("POST", f"{address}/v1/comments", body=new)
    noted.ended, noted.status = time.time(), answer.status
    retry_after = answer.headers.get("retry-after")
    ledger.told("POST", answer.status, answer.text, retry_after)
    text.ids.add(answer.json["id"])
    ledger.texts.append(text)
    return mark


def _wait_for_others(ledger: Ledger, count: int) -> None:
    already = len(ledger.texts)
    until(lambda: len(ledger.texts) >= already + count, "other comments", seconds=60)


def alerted(address: str) -> int:
    """What operators are told of in the metrics."""
    line = f'afterword_findings_total{{check="{BROKE_OFF}",verdict="hold"}} '
    told = call("GET", f"{address}/metrics").text.splitlines()
    return sum(int(float(one.removeprefix(line))) for one in told if one.startswith(line))


def _wrongly_ended(rows: Sequence[Stored], kinds: Mapping[str, str]) -> Iterator[str]:
    for row in rows:
        kind = _kind(row, kinds)
        found = [one for made in row.decisions for one in made.findings or []]
        broke_off = any(one["check"] == BROKE_OFF for one in found)
        failed = any(one["check"] == "poison" and one["verdict"] != "pass" for one in found)
        how = f"{kind}: {row.state} after {row.attempts} attempts, {found}"
        if kind is None:
            if broke_off or failed:
                yield f"harmless, and suffered: {how}"
            continue
        given_up = broke_off and row.attempts == MAX_ATTEMPTS
        if row.state != State.HELD or not (failed if kind in HARMLESS else given_up):
            yield how


def _kind(row: Stored, kinds: Mapping[str, str]) -> str | None:
    return next((kinds[mark] for mark in row.marks if mark in kinds), None)


def _posted(row: Stored) -> float:
    """As its id says, in milliseconds, in its first 48 bits."""
    return (row.id.int >> 80) / 1000


def _seconds(row: Stored) -> float:
    return row.decisions[0].created_at.timestamp() - _posted(row) if row.decisions else 0.0


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
