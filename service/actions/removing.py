"""A moderator takes part of a text out, visibly; all else stays as its author wrote it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions import reasons
from service.actions.errors import IllegalMove, NotFound, Refused, StateMoved
from service.bell import Bell
from service.domain import cutting
from service.domain.findings import Span
from service.domain.rendering import RENDER_VERSION, render
from service.domain.states import Actor, State, may_move
from service.domain.wording import Unacceptable
from service.store import changes, comments, moves, queue, reports, search, tallies
from service.store.db import begin_write
from service.store.models import Comment, Revision, Thread
from service.store.moves import Move


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    comment: UUID
    revision: UUID
    seen: State
    spans: Sequence[Span]  # of the text, in characters
    reason: str | None = None
    note: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    revision: UUID
    body: str
    decision: UUID


def remove_part(
    session: Session, bell: Bell, removal: Removal, *, by: str, sites: Collection[UUID] | None
) -> Removed:
    """Make the text without these parts the comment's next version, approved by this moderator.

    The whole text stays in the log. Raises NotFound, IllegalMove, StateMoved, UnknownReason and
    Refused, the last for parts that cannot be taken out.
    """
    begin_write(session)
    comment = comments.lock(session, removal.comment)
    if comment is None or comment.deleted_at is not None:
        raise NotFound
    if sites is not None and comment.site_id not in sites:
        raise NotFound
    latest = comments.latest_revision(session, comment.id)
    _ensure_present(session, latest, removal)
    policy = reasons.policies(session, [comment.site_id])[comment.site_id]
    reason = reasons.listed(policy, removal.reason) if removal.reason else None
    mark = cutting.mark_of(policy.removed, reason.label if reason else removal.reason)
    try:
        body = cutting.cut(latest.body, removal.spans, mark=mark)
    except Unacceptable as error:
        raise Refused(str(error)) from error
    revision_id = _add(session, comment, latest, body)
    message = reason.message if removal.message is None and reason else removal.message
    move = Move(
        revision_id, State.RECEIVED, State.APPROVED, Actor.REMOVAL, by=by,
        reason=removal.reason, note=removal.note, message=message or None,
    )  # fmt: skip
    done = moves.apply(session, [move])
    thread = session.get_one(Thread, comment.thread_id)
    search.enter(session, {revision_id: search.words_of_rest(comment, thread, body)})
    decided = {latest.id: comment.id, revision_id: comment.id}
    reports.settle(session, decided, approved=[comment.id])
    tallies.add(session, {("decisions", "removal approved"): 1})
    session.commit()
    bell.tell(changes.noted(session))
    return Removed(revision_id, body, done[revision_id])


def _ensure_present(session: Session, latest: Revision, removal: Removal) -> None:
    """What the moderator saw is still the newest text, and in the same state."""
    if latest.id != removal.revision or latest.state != removal.seen:
        last = queue.last_decisions(session, [latest.id]).get(latest.id)
        raise StateMoved(
            state=latest.state, by=last.by if last else None, at=last.created_at if last else None
        )
    is_public = removal.seen is State.APPROVED
    if not (is_public or may_move(Actor.MODERATOR, removal.seen, State.APPROVED)):
        raise IllegalMove(f"Nothing can be taken out of a comment that is {removal.seen}.")


def _add(session: Session, comment: Comment, latest: Revision, body: str) -> UUID:
    revision = {
        "site_id": comment.site_id,
        "thread_id": comment.thread_id,
        "comment_id": comment.id,
        "number": latest.number + 1,
        "body": body,
        "body_html": render(body),
        "render_version": RENDER_VERSION,
        "cut_from": latest.id,
    }
    return comments.add_revision(session, revision=revision)
