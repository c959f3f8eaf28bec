"""Comments that break whoever judges them, among others: they harm only themselves."""

import math
import random
import statistics
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import select

from service.domain.states import State
from service.store.claims import MAX_ATTEMPTS
from service.store.db import session_at
from service.store.models import Revision
from tests.e2e.running import PAGE, SITE, call, until
from tests.factories import a_text
from tests.torture.ledger import Ledger, Text, digest
from tests.torture.poisoned_worker import DEADLY, HARMLESS, SLOW, poison
from tests.torture.stage import parts
from tests.torture.trial import Outcome, Run
from tests.torture.verdict import Stored, judged, undecided

WRITERS = 6
PAUSE = 0.2  # seconds between two posts of one of them, on average
OFTEN = 10  # comments of others, at least, from one poison to the next
RARELY, CALM = 70, 300  # where their seconds are compared; and before the first, after the last
MARGIN = 0.5  # seconds before a poison in which others may share its batch
PATIENCE = 120  # seconds: each poison has three judges, one lease after the other
# Of 95 of 100 others among rare poisons: times as long as without, or seconds that nobody notices.
SLOWER, UNNOTICED = 1.5, 0.5
KINDS = (*DEADLY, *HARMLESS, *SLOW)
# What loops comes once, and not among the rare ones: it has a core to itself three times, for as
# long as a job may take, and others have what is left.
RARE = len(KINDS) - len(SLOW)
BROKE_OFF = "screening"  # the check that operators are alerted of
# Of a lease. As shipped, it outlasts what is given to a job: else a loop has several judges.
UNHURRIED, IN_HASTE = "11", "2"


def poison_judges(run: Run) -> Outcome:
    """`times` poisons, one kind after the other; by night, the first of each kind are rare."""
    lease = IN_HASTE if run.is_hurried else UNHURRIED
    with judging(run, lease_seconds=lease, sweep_seconds="1") as (address, database_url):
        poisoner = Poisoner(run, address, database_url)
        post(address, poisoner.ledger, poisoner.chance)
        poisoner.wait_until_decided()
        with writing(address, poisoner.ledger, seed=run.seed):
            if not run.is_hurried:
                poisoner.poison_rarely()
            while len(poisoner.kinds) < run.times:
                poisoner.poison(OFTEN)
        decided = poisoner.wait_until_decided()
        alerts = alerted(address)
        verdict = judged(database_url, poisoner.ledger)
    outcome, kinds = Outcome(run, trials=len(poisoner.kinds)), poisoner.kinds
    outcome.broken["P9"] = [what for found in verdict.broken.values() for what in found]
    outcome.broken["P9"] += _wrongly_ended(verdict.rows, kinds)
    unjudged = sum(kind not in HARMLESS for kind in kinds.values())
    outcome.break_if(alerts != unjudged, "P9", f"{unjudged} were not judged, {alerts} are told of")
    outcome.figures["P9"] = (
        f"{len(kinds) / len(verdict.rows):.1%} of {len(verdict.rows):,} comments are poison, all "
        f"decided {decided:.1f} s after the last"
    )
    if not run.is_hurried:
        compare(outcome, poisoner, verdict.rows)
    return outcome


@dataclass
class Poisoner:
    """Posts poisons among the comments of others, and notes which they were."""

    run: Run
    address: str
    database_url: str
    ledger: Ledger = field(default_factory=Ledger)
    kinds: dict[str, str] = field(default_factory=dict)  # of the poisons, by their marks
    began: float = 0.0  # when the first of the rare ones was posted
    ended: float = 0.0  # when the last of them was decided

    def __post_init__(self) -> None:
        self.chance = random.Random(self.run.seed)

    def poison_rarely(self) -> None:
        """Each kind but the slow, and before as well as after them a while without any."""
        self.wait_for_others(CALM)
        self.began = time.time()
        for _ in range(min(RARE, self.run.times)):
            self.poison(RARELY)
        until(self.are_decided, "decisions on poisons", seconds=PATIENCE)
        self.ended = time.time()
        self.wait_for_others(CALM)

    def poison(self, others: int) -> None:
        """The next kind, and so many comments of others."""
        number = len(self.kinds)
        kind = KINDS[number] if number < len(KINDS) else KINDS[number % RARE]
        self.kinds[post(self.address, self.ledger, self.chance, poison(kind))] = kind
        self.wait_for_others(others)
        self.run.tell(len(self.kinds))

    def wait_for_others(self, count: int) -> None:
        already = len(self.ledger.texts)
        until(lambda: len(self.ledger.texts) >= already + count, "other comments", seconds=60)

    def are_decided(self) -> bool:
        waiting = select(Revision.id).where(
            Revision.state == State.RECEIVED, Revision.body.contains(poison("%"))
        )
        with session_at(self.database_url) as session:
            return session.scalars(waiting.limit(1)).first() is None

    def wait_until_decided(self) -> float:
        began = time.monotonic()
        waited = PATIENCE * self.run.slack
        until(lambda: not undecided(self.database_url), "decisions", seconds=waited)
        return time.monotonic() - began


def compare(outcome: Outcome, poisoner: Poisoner, rows: Sequence[Stored]) -> None:
    """How long others waited for their decision, among the rare poisons and without any."""
    first, last = poisoner.began, poisoner.ended
    harmless = [row for row in rows if _kind(row, poisoner.kinds) is None]
    among = [_seconds(row) for row in harmless if first <= _posted(row) < last]
    later = [_posted(row) for row in rows if _kind(row, poisoner.kinds) and _posted(row) >= last]
    again = min(later, default=math.inf) - MARGIN
    calm = [
        _seconds(row) for row in harmless if _posted(row) < first or last <= _posted(row) < again
    ]
    crowded = [_seconds(row) for row in harmless if _posted(row) >= again]
    slow, usual = _p95(among), _p95(calm)
    outcome.figures["P9"] += (
        f"; 95 of 100 others decided on within {slow:.2f} s where one in some seventy is poison, "
        f"within {usual:.2f} s where none is (medians {statistics.median(among):.2f} s of "
        f"{len(among):,}, {statistics.median(calm):.2f} s of {len(calm):,})"
    )
    if slow > SLOWER * usual:
        outcome.figures["P9"] += f", {slow / usual:.1f} times as long"
    if len(crowded) > 1:
        outcome.figures["P9"] += (
            f"; within {_p95(crowded):.1f} s where one in some ten is, and one loops"
        )
    too_slow = slow > max(SLOWER * usual, UNNOTICED)
    outcome.break_if(too_slow, "P9", f"others took {slow:.1f} s among poisons, not {usual:.1f} s")


@contextmanager
def judging(run: Run, **own: str) -> Iterator[tuple[str, str]]:
    """The addresses of a service whose judges can be poisoned, and of its database."""
    with parts(run.folder, run.database, **own) as (database, processes, settings):
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
