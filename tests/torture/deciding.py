"""Moderators decide what late judges still have in hand, and against each other."""

import random
import signal
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from uuid import UUID

import psutil
from sqlalchemy import func, select

from service.domain.states import State
from service.store.db import session_at
from service.store.models import Revision
from tests.e2e.running import SITE, is_alive, until
from tests.torture.crowd import PAGES, Crowd
from tests.torture.killing import send
from tests.torture.ledger import Ledger
from tests.torture.stage import HOLD, Stage, staged
from tests.torture.trial import Outcome, Run
from tests.torture.verdict import judged

TOGETHER = 60  # comments that come at once, so that judges have a whole batch of them in hand
PAIRS = 5  # of moderators, each of whom decides on one comment at once
TRIES = 6  # to stop judges at the right moment
LATE_WITHIN = 8  # seconds
JUDGED_WITHIN = 15  # seconds: the lease, the sweep, and a machine that is busy
SETTINGS = {
    "web_processes": "2",
    "worker_processes": "2",
    "lease_seconds": "2",
    "sweep_seconds": "1",
    "log_level": "INFO",
}


def decide(run: Run) -> Outcome:
    """`times` comments on which somebody decides while somebody else does."""
    ledger = Ledger()
    late, opposed = 0, 0
    with staged(run.folder, run.database, **SETTINGS) as stage:
        people = Crowd(stage, ledger, run.seed, pause=0, reading=0)
        chance = random.Random(run.seed)
        broken: list[str] = []
        while late + opposed < run.times:
            late += decide_before_late_judges(people, chance)
            opposed += decide_against_each_other(people, chance, broken)
            run.tell(min(late + opposed, run.times))
        until(lambda: not waiting(stage.url), "all judged", seconds=60)
        verdict = judged(stage.url, ledger)
        outcome = Outcome(run, trials=late + opposed, broken=verdict.broken)
    outcome.broken["P5"] += broken
    outcome.break_if(late == 0, "P5", "no judge was late")
    outcome.break_if(opposed == 0, "P5", "no two moderators met")
    outcome.figures["P5"] = (
        f"{late} comments decided on before a judge who was late, {opposed} by two moderators at "
        f"once; {len(ledger.decided)} decisions on record"
    )
    return outcome


def decide_before_late_judges(people: Crowd, chance: random.Random) -> int:
    """Of how many comments moderators decided before the judge went on that had them in hand."""
    for _ in range(TRIES):
        if decided := decide_before_one(people, chance):
            return decided
    return 0


def decide_before_one(people: Crowd, chance: random.Random) -> int:
    stage = people.stage
    judges = until(lambda: stage.up.judges("rq"), "judges", seconds=JUDGED_WITHIN)
    ended = len(late_ones(stage))
    send(judges, signal.SIGSTOP)
    try:
        post_together(people, chance)
        in_hand = stop_with_comments_in_hand(stage, judges)
        if not in_hand or not are_judged_by_others(stage.url, in_hand):
            return 0
        decided = decide_on(people, in_hand, chance)
    finally:
        send(judges, signal.SIGCONT)
    with suppress(AssertionError):  # it may have been the sweep that had them in hand
        until(lambda: has_ended(stage, judges, ended), "the late one's end", seconds=LATE_WITHIN)
        return decided
    return 0


def post_together(people: Crowd, chance: random.Random, *, word: str | None = None) -> None:
    page = chance.choice(PAGES)
    seeds = [chance.random() for _ in range(TOGETHER)]

    def post(seed: float) -> dict[str, Any] | None:
        return people.post_new(random.Random(seed), page, word=word)

    with ThreadPoolExecutor(8) as pool:
        assert None not in list(pool.map(post, seeds))


def stop_with_comments_in_hand(stage: Stage, judges: Sequence[psutil.Process]) -> list[UUID]:
    """The revisions that were claimed and not decided on when the judges were stopped again."""
    newest = select(func.max(Revision.lease_until)).where(Revision.state == State.RECEIVED)
    deadline = time.monotonic() + 5
    with session_at(stage.url) as session:
        before = session.scalar(newest)
        send(judges, signal.SIGCONT)
        while time.monotonic() < deadline:
            session.rollback()
            at = session.scalar(newest)
            if at is not None and (before is None or at > before):
                break
        send(judges, signal.SIGSTOP)
        session.rollback()
        claimed = (Revision.state == State.RECEIVED) & (Revision.attempts > 0)
        return list(session.scalars(select(Revision.id).where(claimed)))


def are_judged_by_others(url: str, revisions: Sequence[UUID]) -> bool:
    """False where the judges were stopped while nobody else can write."""
    with suppress(AssertionError):
        until(lambda: not waiting(url, revisions), "their lease", seconds=JUDGED_WITHIN)
        return True
    return False


def waiting(url: str, revisions: Sequence[UUID] | None = None) -> int:
    query = select(func.count()).where(Revision.state == State.RECEIVED)
    if revisions is not None:
        query = query.where(Revision.id.in_(revisions))
    with session_at(url) as session:
        return session.execute(query).scalar_one()


def decide_on(people: Crowd, revisions: Sequence[UUID], chance: random.Random) -> int:
    """Approve or reject what was held of these, and reject what is public."""
    wanted = {str(id) for id in revisions}
    items = [item for item in queued(people, 200) if item["revision"] in wanted]
    people.decide(items, chance)
    return len(items)


def queued(people: Crowd, limit: int) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for state in ("held", "approved"):
        path = f"/v1/moderation/queue?site={SITE}&state={state}&limit={limit}"
        items += people.ask("GET", path).json["items"]
    return items


def has_ended(stage: Stage, judges: Sequence[psutil.Process], before: int) -> bool:
    """One judge found nothing left to decide, or met the alarm that bounds every job."""
    return len(late_ones(stage)) > before or not all(map(is_alive, judges))


def late_ones(stage: Stage) -> list[dict[str, Any]]:
    """What was logged of batches of which nothing was left to decide."""
    ended = [one for one in stage.up.records() if one["message"] == "screened"]
    return [one for one in ended if one["process"] == "rq" and one["moved"] < one["taken"]]


def decide_against_each_other(people: Crowd, chance: random.Random, broken: list[str]) -> int:
    """Two moderators at once, one for and one against; answers on how many comments they met."""
    post_together(people, chance, word=HOLD)
    until(lambda: not waiting(people.stage.url), "all judged", seconds=60)
    path = f"/v1/moderation/queue?site={SITE}&state=held&limit=200"
    items = people.ask("GET", path).json["items"]
    with ThreadPoolExecutor(PAIRS) as pairs:
        met = list(pairs.map(lambda item: sorted(decide_both_ways(people, item)), items))
    for item, outcomes in zip(items, met, strict=True):
        if outcomes != ["conflict", "moved"]:
            broken.append(f"{item['comment']}: two opposite decisions were {outcomes}")
    return len(items)


def decide_both_ways(people: Crowd, item: dict[str, Any]) -> list[str]:
    start = threading.Barrier(2)

    def one(to: str) -> str:
        start.wait()
        [result] = people.decide_to([(item, to)])
        return str(result["outcome"])

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, ("approved", "rejected")))
