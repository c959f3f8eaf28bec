"""Readers vote on comments."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import NotFound, TooManyVotes
from service.bell import Bell
from service.store import changes, comments, votes
from service.store.db import begin_write

# A household or a small office may vote; making up readers at one address moves little.
MOST_FROM_ADDRESS = 5


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who acts on a comment. Without an address, the publisher vouches for them."""

    key: str  # a keyed hash, the same each time they come
    address_hash: str | None


def vote(session: Session, bell: Bell, comment_id: UUID, *, reader: Reader, value: int) -> None:
    """Make this the reader's vote on a public comment: 1, -1, or 0 for none.

    Raises NotFound and TooManyVotes.
    """
    begin_write(session)
    comment = comments.lock(session, comment_id)
    if comment is None or comment.public_revision_id is None:
        raise NotFound
    before = votes.value_of(session, comment_id, reader.key)
    if before == value:
        session.rollback()
        return
    if before == 0:
        _ensure_room(session, comment_id, reader)
    votes.put(session, comment_id, reader=reader.key, value=value, address_hash=reader.address_hash)
    votes.recount(session, comment, before=before, after=value)
    changes.note_threads(session, [comment.thread_id])
    session.commit()
    bell.tell(changes.noted(session))


def _ensure_room(session: Session, comment_id: UUID, reader: Reader) -> None:
    if reader.address_hash is None:
        return
    if votes.from_address(session, comment_id, reader.address_hash) >= MOST_FROM_ADDRESS:
        raise TooManyVotes
