"""Undoing decisions: each revision goes back to where it was, unless somebody moved it since."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.deciding import Outcome, Result
from service.actions.errors import IllegalMove, NotFound, StateMoved
from service.bell import Bell
from service.domain.states import Actor, State, may_move
from service.store import changes, decided, moves, queue, reports, tallies
from service.store.db import begin_write
from service.store.models import Decision
from service.store.moves import Move


@dataclass(frozen=True, slots=True)
class _Undoing:
    decision: Decision
    last: Decision  # of the same revision
    state: State

    @property
    def outcome(self) -> Outcome:
        undone, state = self.decision, State(self.decision.target)
        if undone.actor != Actor.MODERATOR or not may_move(Actor.UNDO, state, State(undone.start)):
            return Outcome.ILLEGAL
        is_last = self.last.id == undone.id and self.state == state
        return Outcome.MOVED if is_last else Outcome.CONFLICT


def undo_one(
    session: Session, bell: Bell, decision_id: UUID, *, by: str, sites: Collection[UUID] | None
) -> Result:
    """Raises NotFound, IllegalMove or StateMoved."""
    begin_write(session)
    result = apply(session, [decision_id], by=by, sites=sites)[decision_id]
    session.commit()
    bell.tell(changes.noted(session))
    if result.outcome is Outcome.NOT_FOUND:
        raise NotFound
    if result.outcome is Outcome.ILLEGAL:
        raise IllegalMove("Only a moderator's decision that changed the state can be undone.")
    if result.outcome is Outcome.CONFLICT:
        raise StateMoved(state=str(result.state), by=result.by, at=result.at)
    return result


def apply(
    session: Session, decision_ids: Sequence[UUID], *, by: str, sites: Collection[UUID] | None
) -> dict[UUID, Result]:
    """Each undone or answered on its own. The caller commits, and tells what changed."""
    decisions = decided.decisions(session, decision_ids)
    known = {id: one for id, one in decisions.items() if sites is None or one.site_id in sites}
    # Held from here on, what is last stays last.
    decided.lock(session, [one.comment_id for one in known.values()])
    revisions = [one.revision_id for one in known.values()]
    present, last = queue.present(session, revisions), queue.last_decisions(session, revisions)
    undoings = {
        id: _Undoing(one, last[one.revision_id], State(present[one.revision_id].state))
        for id, one in known.items()
    }
    made = _undo(session, [one for one in undoings.values() if one.outcome is Outcome.MOVED], by=by)
    return {
        id: _result(undoings[id], by=by, made=made) if id in undoings else NOTHING
        for id in decision_ids
    }


NOTHING = Result(UUID(int=0), Outcome.NOT_FOUND)


def _undo(session: Session, undoings: Sequence[_Undoing], *, by: str) -> dict[UUID, UUID]:
    """Answers the decisions that undo, by revision."""
    back = [
        Move(
            one.decision.revision_id,
            State(one.decision.target),
            State(one.decision.start),
            Actor.UNDO,
            by=by,
        )
        for one in undoings
    ]
    approvals = [one.decision for one in undoings if one.decision.target == State.APPROVED]
    superseded = [
        Move(one.revision_id, State.SUPERSEDED, State(one.start), Actor.UNDO, by=by)
        for one in decided.superseded_by(session, approvals)
        if may_move(Actor.UNDO, State.SUPERSEDED, State(one.start))
    ]
    # First what was approved goes, then what was public before it comes back.
    made = moves.apply(session, [*back, *superseded])
    if made:
        reports.reopen(
            session, {one.decision.comment_id: one.decision.created_at for one in undoings}
        )
        counts = Counter(("decisions", f"undo {move.target}") for move in back)
        tallies.add(session, counts)
    return made


def _result(undoing: _Undoing, *, by: str, made: Mapping[UUID, UUID]) -> Result:
    decision = undoing.decision
    if (id := made.get(decision.revision_id)) is not None:
        return Result(decision.comment_id, Outcome.MOVED, State(decision.start), by=by, decision=id)
    return Result(
        decision.comment_id,
        undoing.outcome,
        undoing.state,
        by=undoing.last.by,
        at=undoing.last.created_at,
    )
