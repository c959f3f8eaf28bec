"""Decisions: by the screening's checks and by moderators."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions import reasons, tallying
from service.actions.errors import IllegalMove, NotFound, StateMoved
from service.bell import Bell
from service.domain.findings import Finding, Verdict, outcome
from service.domain.raids import RAID, found
from service.domain.reasons import DecisionsPolicy
from service.domain.risk import risk
from service.domain.states import Actor, State, may_keep, may_move
from service.store import changes, claims, moves, queue, raids, reports, search, tallies
from service.store.claims import MAX_ATTEMPTS, Claimed
from service.store.db import begin_write
from service.store.moves import NO_TRACES, Move, Traces

SCREENING = "screening"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the checks found about one claimed revision."""

    revision: Claimed
    findings: Sequence[Finding]
    policy_version: int
    traces: Traces = NO_TRACES

    def with_raid(self, reason: str | None) -> Self:
        others = [finding for finding in self.findings if finding.check != RAID]
        return replace(self, findings=[*others, found(reason)]) if reason else self


@dataclass(frozen=True, slots=True)
class Decided:
    """One line of a moderator's decision: this revision, seen in this state, goes to that one."""

    comment: UUID
    revision: UUID
    seen: State
    to: State
    reason: str | None = None
    note: str | None = None
    message: str | None = None  # to the author; None: what the reason says


class Outcome(StrEnum):
    MOVED = "moved"
    CONFLICT = "conflict"
    ILLEGAL = "illegal"
    NOT_FOUND = "not-found"


@dataclass(frozen=True, slots=True)
class Result:
    comment: UUID
    outcome: Outcome
    state: State | None = None
    by: str | None = None
    at: datetime | None = None
    decision: UUID | None = None


def hold_exhausted(session: Session, *, batch: int, lease_seconds: int) -> int:
    """Hand over to moderators what screening could not judge; answers how many."""
    if not claims.any_exhausted(session, lease_seconds=lease_seconds):
        session.rollback()
        return 0
    begin_write(session)
    revisions = claims.exhausted(session, batch=batch, lease_seconds=lease_seconds)
    reason = (
        f"Screening broke off {MAX_ATTEMPTS} times on this comment, so no check has judged it. "
        "Please read it with care."
    )
    finding = Finding(SCREENING, Verdict.HOLD, reason)
    # Its text may be what the checks broke off on, so it is found by all else but its words.
    held = [_screened(Judgement(replace(row, body=""), [finding], 0)) for row in revisions]
    _record(session, [Judgement(row, [finding], 0) for row in revisions], held)
    session.commit()
    return len(revisions)


def record(session: Session, bell: Bell, judgements: Sequence[Judgement]) -> int:
    """Carry out what the checks found; answers how many revisions moved.

    Whatever was decided or withdrawn meanwhile is left alone, so a second run does no harm.
    """
    screened = [_screened(judgement) for judgement in judgements]
    begin_write(session)
    # A raid may have begun while they were judged.
    if late := raids.late(session, [one.revision for one in judgements]):
        judgements = [one.with_raid(late.get(one.revision.id)) for one in judgements]
        screened = [_screened(judgement) for judgement in judgements]
    moved = _record(session, judgements, screened)
    session.commit()
    bell.tell(changes.noted(session))
    return moved


def _record(session: Session, judgements: Sequence[Judgement], screened: Sequence[Move]) -> int:
    done = moves.apply(session, screened)
    recorded = [judgement for judgement in judgements if judgement.revision.id in done]
    if recorded:
        tallying.count(session, [(one.revision.created_at, one.findings) for one in recorded])
    return len(recorded)


def _screened(judgement: Judgement) -> Move:
    flagged = [f.check for f in judgement.findings if f.verdict is not Verdict.PASS]
    return Move(
        judgement.revision.id,
        State.RECEIVED,
        outcome(judgement.findings),
        Actor.SCREENING,
        by=SCREENING,
        findings=[finding.as_json() for finding in judgement.findings],
        flags="".join(f",{check}" for check in flagged) + "," if flagged else "",
        traces=replace(judgement.traces, words=search.words_of(judgement.revision, flagged)),
        risk=risk(judgement.findings),
        policy_version=judgement.policy_version,
    )


def decide(
    session: Session,
    bell: Bell,
    decided: Sequence[Decided],
    *,
    by: str,
    sites: Collection[UUID] | None,
) -> list[Result]:
    """A moderator's decisions, each made or answered on its own, all in one transaction.

    Revisions of other sites than these look missing; None stands for all sites. Raises
    UnknownReason.
    """
    begin_write(session)
    results = apply(session, decided, by=by, sites=sites)
    session.commit()
    bell.tell(changes.noted(session))
    return results


def apply(
    session: Session, decided: Sequence[Decided], *, by: str, sites: Collection[UUID] | None
) -> list[Result]:
    """The same as a part of something larger, which commits, and tells what changed."""
    present = queue.present(session, [line.revision for line in decided])
    mine = {key: row for key, row in present.items() if sites is None or row.site_id in sites}
    known = [
        line
        for line in decided
        if line.revision in mine and mine[line.revision].comment_id == line.comment
    ]
    policies = reasons.policies(session, (mine[line.revision].site_id for line in known))
    legal = {
        line.revision: _move(line, by=by, policy=policies[mine[line.revision].site_id])
        for line in known
        if may_move(Actor.MODERATOR, line.seen, line.to)
        or (mine[line.revision].open_reports and may_keep(Actor.MODERATOR, line.seen, line.to))
    }
    done = moves.apply(session, list(legal.values()))
    if done:
        counts = Counter(("decisions", f"moderator {legal[key].target}") for key in done)
        tallies.add(session, counts)
        approved = [mine[key].comment_id for key in done if legal[key].target is State.APPROVED]
        decided_on = {key: mine[key].comment_id for key in done}
        reports.settle(session, decided_on, approved=approved)
    return _results(session, decided, known=known, legal=legal, done=done)


def _move(line: Decided, *, by: str, policy: DecisionsPolicy) -> Move:
    told = reasons.told(policy, reason=line.reason, to=line.to, message=line.message)
    return Move(
        line.revision,
        line.seen,
        line.to,
        Actor.MODERATOR,
        by=by,
        reason=line.reason,
        note=line.note,
        message=told,
    )


def decide_one(
    session: Session, bell: Bell, line: Decided, *, by: str, sites: Collection[UUID] | None
) -> Result:
    """Like `decide`, but also raises NotFound, IllegalMove or StateMoved."""
    [result] = decide(session, bell, [line], by=by, sites=sites)
    if result.outcome is Outcome.NOT_FOUND:
        raise NotFound
    if result.outcome is Outcome.ILLEGAL:
        raise IllegalMove(f"A comment that is {line.seen} cannot be made {line.to}.")
    if result.outcome is Outcome.CONFLICT:
        raise StateMoved(state=str(result.state), by=result.by, at=result.at)
    return result


def _results(
    session: Session,
    decided: Sequence[Decided],
    *,
    known: Sequence[Decided],
    legal: Mapping[UUID, Move],
    done: Mapping[UUID, UUID],
) -> list[Result]:
    now = queue.present(session, [line.revision for line in known])
    last = queue.last_decisions(session, [line.revision for line in known])
    revisions = {line.revision for line in known}
    results = []
    for line in decided:
        if line.revision not in revisions:
            results.append(Result(line.comment, Outcome.NOT_FOUND))
            continue
        if line.revision in done:
            result = Outcome.MOVED
        else:
            result = Outcome.CONFLICT if line.revision in legal else Outcome.ILLEGAL
        decision = last.get(line.revision)
        results.append(
            Result(
                line.comment,
                result,
                State(now[line.revision].state),
                by=decision.by if decision else None,
                at=decision.created_at if decision else None,
                decision=done.get(line.revision),
            )
        )
    return results
