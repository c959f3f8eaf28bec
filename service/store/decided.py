"""Decisions that were made, and what else they did: what has to be known to undo them."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from service.domain.states import Actor, State
from service.store.comments import lock_threads
from service.store.models import Comment, Decision, Revision

# In this order the newest of each is what stays in a dictionary.
LAST_IDS = (
    select(Decision.comment_id, Decision.id)
    .where(Decision.comment_id.in_(bindparam("comments", expanding=True)))
    .order_by(Decision.id)
)


def decisions(session: Session, ids: Sequence[UUID]) -> dict[UUID, Decision]:
    rows = session.scalars(select(Decision).where(Decision.id.in_(ids)))
    return {decision.id: decision for decision in rows}


def last_ids(session: Session, comment_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The newest decision about each of these comments."""
    if not comment_ids:
        return {}
    return dict(session.connection().execute(LAST_IDS, {"comments": sorted(comment_ids)}).all())


def lock(session: Session, comment_ids: Sequence[UUID]) -> None:
    """Let nothing about these comments move until the commit."""
    query = select(Comment.thread_id).where(Comment.id.in_(comment_ids)).distinct()
    lock_threads(session, session.scalars(query).all())


def superseded_by(session: Session, approvals: Sequence[Decision]) -> Sequence[Decision]:
    """What became of earlier versions by these approvals, and has stayed so."""
    if not approvals:
        return []
    by_one = or_(
        *(
            and_(
                Decision.comment_id == one.comment_id,
                Decision.id > one.id,
                Decision.revision_id != one.revision_id,
            )
            for one in approvals
        )
    )
    return session.scalars(
        select(Decision)
        .join(Revision, Revision.id == Decision.revision_id)
        .where(Decision.actor == Actor.SUPERSEDING, Revision.state == State.SUPERSEDED, by_one)
    ).all()


def is_undone(decision: Any = Decision) -> ColumnElement[bool]:
    """Somebody undid it: it teaches nothing."""
    later = aliased(Decision)
    return exists().where(
        later.revision_id == decision.revision_id,
        later.actor == Actor.UNDO,
        later.id > decision.id,
    )
