"""Erasing people: all that is stored of an author, or of one comment by somebody unknown."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from service.bell import Bell
from service.domain.states import Actor, State
from service.store import changes, decided, erasing, moves
from service.store.db import begin_write

TOGETHER = 100  # comments; others may write in between
REASON = "erased"


def erase_author(session: Session, bell: Bell, author_id: UUID, *, by: str) -> int:
    """In steps, of which each is whole: what broke off is taken up by erasing again.

    Answers how many comments there were. Who is recognised by what is gone is so until the end.
    """
    count, is_done = 0, False
    while not is_done:
        while comment_ids := erasing.next_comments(session, author_id, most=TOGETHER):
            _erase(session, bell, comment_ids, by=by)
            count += len(comment_ids)
        begin_write(session)
        erasing.take_time(session)
        erasing.hold(session, author_id)
        is_done = not erasing.next_comments(session, author_id, most=1)  # else one came meanwhile
        if is_done:
            erasing.blank_author(session, author_id, by=by, comments=count)
        session.commit()
    return count


def erase_comment(session: Session, bell: Bell, comment_id: UUID, *, by: str) -> None:
    """Alone, such as one of somebody who gave no e-mail address."""
    _erase(session, bell, [comment_id], by=by)


def _erase(session: Session, bell: Bell, comment_ids: Sequence[UUID], *, by: str) -> None:
    begin_write(session)
    erasing.take_time(session)
    decided.lock(session, comment_ids)
    withdrawn = [
        moves.Move(revision_id, state, State.WITHDRAWN, Actor.AUTHOR, by=by, reason=REASON)
        for revision_id, state in erasing.open_revisions(session, comment_ids)
    ]
    moves.apply(session, withdrawn)
    erasing.blank_comments(session, comment_ids, by=by)
    session.commit()
    bell.tell(changes.noted(session))


def erase_reader(session: Session, reader: str, *, by: str, site_id: UUID) -> None:
    """Whom the publisher signed in: what they voted and reported no longer says who it was."""
    begin_write(session)
    erasing.take_time(session)
    erasing.blank_reader(session, reader, by=by, site_id=site_id)
    session.commit()
