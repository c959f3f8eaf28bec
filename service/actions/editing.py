"""An author changes or withdraws a comment."""

from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import EditWindowClosed, NotFound
from service.actions.posting import Receipt
from service.bell import Bell
from service.domain.rendering import RENDER_VERSION, render
from service.domain.states import UNDECIDED, Actor, State
from service.store import changes, comments, moves
from service.store.db import begin_write
from service.store.models import Comment


def edit_comment(session: Session, bell: Bell, comment_id: UUID, *, body: str) -> Receipt:
    """Add a revision, to be screened like the first; what is public stays so until it is approved.

    An earlier version that nobody has decided on is withdrawn: its author no longer stands by it.
    Raises NotFound and EditWindowClosed.
    """
    html = render(body)
    begin_write(session)
    comment = _open_comment(session, comment_id)
    if not comments.is_editable(session, comment_id):
        raise EditWindowClosed
    _withdraw(session, comment_id, only=UNDECIDED, reason="edited")
    revision = {
        "site_id": comment.site_id,
        "thread_id": comment.thread_id,
        "comment_id": comment_id,
        "number": comments.revision_count(session, comment_id) + 1,
        "body": body,
        "body_html": html,
        "render_version": RENDER_VERSION,
    }
    comments.add_revision(session, revision=revision)
    session.commit()
    bell.ring()
    return Receipt(comment_id, comment.editable_until)


def delete_comment(session: Session, bell: Bell, comment_id: UUID) -> None:
    """Withdraw all of a comment's versions. Where it has replies, readers see a tombstone."""
    begin_write(session)
    _open_comment(session, comment_id)
    _withdraw(session, comment_id, only=None, reason="deleted")
    comments.mark_deleted(session, comment_id)
    session.commit()
    bell.tell(changes.noted(session))


def _open_comment(session: Session, comment_id: UUID) -> Comment:
    comment = comments.lock(session, comment_id)
    if comment is None or comment.deleted_at is not None:
        raise NotFound
    return comment


def _withdraw(
    session: Session, comment_id: UUID, *, only: frozenset[State] | None, reason: str
) -> None:
    found = comments.open_revisions(session, comment_id)
    moves.apply(
        session,
        [
            moves.Move(
                revision_id, state, State.WITHDRAWN, Actor.AUTHOR, by="author", reason=reason
            )
            for revision_id, state in found
            if only is None or state in only
        ],
    )
