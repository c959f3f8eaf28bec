"""Screening: claim what was received, run the checks over it, record what they found."""

import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions import claiming, deciding, raids
from service.actions.deciding import Judgement
from service.bell import Bell
from service.config import Settings
from service.domain.fingerprint import fingerprint
from service.domain.policy import FloodPolicy, Policy
from service.domain.raids import RaidPolicy
from service.domain.submission import Facts, Submission
from service.processes import JUDGING
from service.store import facts, sites
from service.store.claims import Claimed
from service.store.moves import NO_TRACES
from service.store.sites import SiteRecord
from workers import filtering, pipeline
from workers.checks import Check

log = logging.getLogger(__name__)

Gather = Callable[[Session, Sequence[Claimed], Policy, Mapping[UUID, int]], Mapping[UUID, Facts]]

FIRST_BATCH = 5  # of a process, which has the sites to learn first
RECORDED_TOGETHER = 10  # so that authors never wait for long until they may write
COMPANY_SECONDS = 0.05  # what comes meanwhile is judged in one batch; nobody notices the delay
LONGEST_STAY = 2.0  # seconds; well below what a job may take
WATCH_SECONDS = 1.0  # from one look for a raid on a site to the next, of one process
WATCH_SHARE = 0.1  # of its time, at most, that such looks take

_watched: dict[UUID, float] = {}  # site: when to look again


def screen_while_busy(
    session: Session, bell: Bell, settings: Settings, checks: Sequence[Check], *, judged: int = 0
) -> int:
    """Judge what there is at once, and go on as long as more comes, in batches worth their cost.

    Under load a bell rings again for each few comments, and a job for them costs as much as
    judging them does. `judged` is how many this process has so far; answers how many by now.
    """
    until = time.monotonic() + LONGEST_STAY
    most = batch_of(settings, judged)
    while taken := screen(session, bell, settings, checks, most=most):
        judged += taken
        if time.monotonic() > until:
            bell.ring()
            break
        if taken < most:
            time.sleep(COMPANY_SECONDS)
        most = batch_of(settings, judged)
    return judged


def batch_of(settings: Settings, judged: int) -> int:
    """No more than the process has proven to live for: what it leaves undone has to wait."""
    return min(settings.batch_size, FIRST_BATCH + judged)


def screen(
    session: Session,
    bell: Bell,
    settings: Settings,
    checks: Sequence[Check],
    *,
    most: int | None = None,
) -> int:
    """Judge one batch; answers how many revisions were taken.

    A suspect, which may have killed its last judge, comes after the others are safe.
    """
    began = time.perf_counter()
    batch, lease_seconds = settings.batch_size, settings.lease_seconds
    most = batch if most is None else most
    given_up = deciding.hold_exhausted(session, batch=batch, lease_seconds=lease_seconds)
    fresh = claiming.claim_fresh(session, batch=most, lease_seconds=lease_seconds)
    if len(fresh) == most:
        bell.ring()  # so that as many workers wake as there is work
    moved = _judge(session, bell, fresh, settings, checks)
    suspects = claiming.claim_suspects(session, batch=batch, lease_seconds=lease_seconds)
    moved += _judge(session, bell, suspects, settings, checks)
    taken = len(fresh) + len(suspects) + given_up
    if suspects:
        bell.ring()
    if taken:
        ms = round((time.perf_counter() - began) * 1000)
        log.info("screened", extra={"taken": taken, "moved": moved, "given_up": given_up, "ms": ms})
    return taken


def _judge(
    session: Session,
    bell: Bell,
    claimed: Sequence[Claimed],
    settings: Settings,
    checks: Sequence[Check],
) -> int:
    judgements: list[Judgement] = []
    for site_id, rows in groupby(
        sorted(claimed, key=lambda row: row.site_id), lambda row: row.site_id
    ):
        site = sites.find_by_id(session, site_id)
        policy = in_force(site.policy, settings)
        _watch(session, bell, site_id, policy)
        work = partial(judged, session, site, list(rows), policy=policy, checks=checks)
        judgements += _giving_way(work)
    return sum(
        deciding.record(session, bell, judgements[start : start + RECORDED_TOGETHER])
        for start in range(0, len(judgements), RECORDED_TOGETHER)
    )


def _giving_way(work: Callable[[], list[Judgement]]) -> list[Judgement]:
    """In a thread that all others go before: it writes nothing, so nobody waits for it."""
    with ThreadPoolExecutor(1, initializer=os.nice, initargs=(JUDGING,)) as thread:
        return thread.submit(copy_context().run, work).result()


def _watch(session: Session, bell: Bell, site_id: UUID, policy: Policy) -> None:
    """Before the batch is judged: what came with a raid and is not decided is held with it."""
    began = time.monotonic()
    if began < _watched.get(site_id, began):
        return
    if begun := raids.watch(session, bell, site_id, policy.raid):
        log.warning("a raid begins", extra={"site": str(site_id), "places": begun})
    ended = time.monotonic()
    _watched[site_id] = ended + max(WATCH_SECONDS, (ended - began) / WATCH_SHARE)


def judged(
    session: Session,
    site: SiteRecord,
    rows: Sequence[Claimed],
    *,
    policy: Policy,
    checks: Sequence[Check],
    gather: Gather = facts.gather,
) -> list[Judgement]:
    """What the checks find about revisions of one site. Nothing is done about it."""
    prints = {row.id: fingerprint(row.body) for row in rows}
    known = gather(session, rows, policy, prints)
    said = filtering.said(session, site, rows, known, policy=policy)
    judgements = []
    for row in rows:
        filtered, traces = said.get(row.id, (None, NO_TRACES))
        submission = _submission(row, site, replace(known[row.id], filtered=filtered))
        judgements.append(
            Judgement(
                revision=row,
                findings=pipeline.run(submission, policy, checks),
                policy_version=site.policy_version,
                traces=replace(traces, fingerprint=prints[row.id]),
            )
        )
    return judgements


def in_force(policy: Policy, settings: Settings) -> Policy:
    """The policy as this installation applies it."""
    if settings.limits:
        return policy
    flood, raid = FloodPolicy(window_minutes=0), RaidPolicy(window_minutes=0)
    return replace(policy, flood=flood, raid=raid)


def _submission(row: Claimed, site: SiteRecord, known: Facts) -> Submission:
    return Submission(
        body=row.body,
        author_name=row.author_name,
        page=row.page,
        page_url=row.page_url,
        origins=tuple(sorted(site.origins)),
        revision_number=row.number,
        form_trap_filled=row.form_trap_filled,
        form_seconds=row.form_seconds,
        facts=known,
    )
