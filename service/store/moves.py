"""Moving revisions from state to state: the one place where anything becomes public or stops to be.

A move is a compare-and-set with an append-only decision beside it. What readers see (a comment's
public revision, whether it is listed, its thread's count) moves in the same transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from service.domain.ids import id_after
from service.domain.states import FINAL, Actor, State
from service.store import audit, decided, listing, search
from service.store.comments import lock_threads
from service.store.db import now
from service.store.models import Comment, Decision, Revision

REVISIONS = cast(Table, Revision.__table__)
COMMENTS = cast(Table, Comment.__table__)
DECISIONS = cast(Table, Decision.__table__)
# Made once: making them anew for every batch costs more than running them.
TARGETS = select(
    REVISIONS.c.id, REVISIONS.c.comment_id, REVISIONS.c.number, REVISIONS.c.site_id,
    REVISIONS.c.thread_id,
).where(REVISIONS.c.id.in_(bindparam("ids", expanding=True)))  # fmt: skip
SET_STATE = (
    update(REVISIONS)
    .where(
        REVISIONS.c.id.in_(bindparam("ids", expanding=True)),
        REVISIONS.c.state == bindparam("start"),
    )
    .values(state=bindparam("target"), decided_at=now(), lease_until=None)
    .returning(REVISIONS.c.id, REVISIONS.c.decided_at)
)
NOTE_SCREENING = (
    update(REVISIONS)
    .where(REVISIONS.c.id == bindparam("key"))
    .values(
        flags=bindparam("new_flags"),
        fingerprint=bindparam("new_print"),
        trace=bindparam("new_trace"),
        campaign_id=bindparam("new_campaign"),
        facts_logit=bindparam("new_facts"),
        risk=bindparam("new_risk"),
    )
)
DECIDE = insert(DECISIONS)
POINT = (
    update(COMMENTS)
    .where(COMMENTS.c.id == bindparam("comment"))
    .values(public_revision_id=bindparam("revision"))
)


@dataclass(frozen=True, slots=True)
class Traces:
    """What screening leaves with a text, so that others like it are found."""

    fingerprint: int | None = None
    trace: bytes | None = None
    campaign_id: UUID | None = None
    facts_logit: float | None = None
    words: str | None = None  # by which a search finds it


NO_TRACES = Traces()


@dataclass(frozen=True, slots=True)
class Move:
    revision_id: UUID
    start: State
    target: State
    actor: Actor
    by: str
    reason: str | None = None
    note: str | None = None
    message: str | None = None
    findings: list[dict[str, Any]] | None = None
    flags: str | None = None
    traces: Traces = NO_TRACES
    risk: float = 0.0
    policy_version: int | None = None


@dataclass(frozen=True, slots=True)
class _Target:
    id: UUID
    comment_id: UUID
    number: int
    site_id: UUID


def apply(session: Session, moves: Sequence[Move]) -> dict[UUID, UUID]:
    """Make those moves whose revision still is where the mover saw it.

    Answers the decision's id for each revision that moved. The caller has made sure that the moves
    are legal. Of two deciders one wins; the other's revision is missing from the answer.
    """
    if not moves:
        return {}
    targets = _lock(session, [move.revision_id for move in moves])
    done: dict[UUID, UUID] = {}
    for turn in _turns(moves, targets):
        done |= _apply_turn(session, turn, targets)
    return done


def _lock(session: Session, revision_ids: Sequence[UUID]) -> dict[UUID, _Target]:
    rows = session.connection().execute(TARGETS, {"ids": revision_ids}).all()
    lock_threads(session, {row.thread_id for row in rows})
    return {row.id: _Target(*row[:4]) for row in rows}


def _turns(moves: Sequence[Move], targets: dict[UUID, _Target]) -> Iterable[list[Move]]:
    """Split the moves so that no turn has two of one comment: the second must see the first."""
    pending = [move for move in moves if move.revision_id in targets]
    while pending:
        turn: dict[UUID, Move] = {}
        for move in pending:
            turn.setdefault(targets[move.revision_id].comment_id, move)
        chosen = set(map(id, turn.values()))
        pending = [move for move in pending if id(move) not in chosen]
        yield list(turn.values())


def _apply_turn(
    session: Session, moves: list[Move], targets: dict[UUID, _Target]
) -> dict[UUID, UUID]:
    done = _set_states(session, moves, targets)
    # Who keeps a reported comment changes nothing that readers see.
    moved = [m for m in moves if m.revision_id in done and m.start != m.target]
    approved = [targets[move.revision_id] for move in moved if move.target is State.APPROVED]
    hidden = [targets[move.revision_id] for move in moved if move.start is State.APPROVED]
    _supersede_earlier(
        session, approved, by={targets[m.revision_id].comment_id: m.by for m in moved}
    )
    before = listing.public_among(session, [target.comment_id for target in approved + hidden])
    _point_at(session, approved)
    _stop_pointing(session, hidden)
    listing.refresh(session, before)
    return done


def _set_states(
    session: Session, moves: Sequence[Move], targets: dict[UUID, _Target]
) -> dict[UUID, UUID]:
    groups: dict[tuple[State, State], list[UUID]] = defaultdict(list)
    for move in moves:
        groups[move.start, move.target].append(move.revision_id)
    connection = session.connection()
    moved: dict[UUID, datetime] = {}
    for (start, target), ids in groups.items():
        given = {"ids": ids, "start": start, "target": target}
        moved |= {row.id: row.decided_at for row in connection.execute(SET_STATE, given)}
    record = [move for move in moves if move.revision_id in moved]
    pairs = [(move, targets[move.revision_id]) for move in record]
    # Nothing was decided before where workers judge a comment for the first time, as mostly.
    again = [of.comment_id for m, of in pairs if of.number > 1 or m.actor is not Actor.SCREENING]
    last = decided.last_ids(session, again)
    rows = [_decision(m, moved[of.id], of, last.get(of.comment_id)) for m, of in pairs]
    if rows:
        connection.execute(DECIDE, rows)
        audit.note_decisions(session, rows)
    if screened := [_screening(move) for move in record if move.flags is not None]:
        connection.execute(NOTE_SCREENING, screened)
        search.enter(session, {move.revision_id: move.traces.words for move in record})
    return {row["revision_id"]: row["id"] for row in rows}


def _screening(move: Move) -> dict[str, Any]:
    return {
        "key": move.revision_id,
        "new_flags": move.flags,
        "new_print": move.traces.fingerprint,
        "new_trace": move.traces.trace,
        "new_campaign": move.traces.campaign_id,
        "new_facts": move.traces.facts_logit,
        "new_risk": move.risk,
    }


def _decision(move: Move, at: datetime, target: _Target, last: UUID | None) -> dict[str, Any]:
    """Those on one comment follow each other by their ids, whatever clocks say."""
    return {
        "id": id_after(last),
        "comment_id": target.comment_id,
        "revision_id": move.revision_id,
        "site_id": target.site_id,
        "from_state": move.start,
        "to_state": move.target,
        "actor": move.actor,
        "by": move.by,
        "reason": move.reason,
        "note": move.note,
        "message": move.message,
        "findings": move.findings,
        "policy_version": move.policy_version,
        "salt": audit.new_salt(),
        "created_at": at,
    }


def _supersede_earlier(session: Session, approved: list[_Target], *, by: dict[UUID, str]) -> None:
    if not (
        numbers := {target.comment_id: target.number for target in approved if target.number > 1}
    ):
        return
    rows = session.execute(
        select(
            Revision.id, Revision.comment_id, Revision.number, Revision.site_id, Revision.state
        ).where(Revision.comment_id.in_(numbers), Revision.state.not_in(FINAL))
    ).all()
    earlier = [row for row in rows if row.number < numbers[row.comment_id]]
    moves = [
        Move(row.id, State(row.state), State.SUPERSEDED, Actor.SUPERSEDING, by[row.comment_id])
        for row in earlier
    ]
    _set_states(session, moves, {row.id: _Target(*row[:4]) for row in earlier})


def _point_at(session: Session, approved: list[_Target]) -> None:
    if approved:
        session.connection().execute(
            POINT,
            [{"comment": target.comment_id, "revision": target.id} for target in approved],
        )


def _stop_pointing(session: Session, hidden: list[_Target]) -> None:
    if hidden:
        session.execute(
            update(Comment)
            .where(Comment.public_revision_id.in_([target.id for target in hidden]))
            .values(public_revision_id=None)
        )
