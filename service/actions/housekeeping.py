"""Forgetting what is no longer needed, and counting what happened."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.store import tallies
from service.store.db import begin_write, now
from service.store.reader_tables import IdempotencyKey

KEPT_SECONDS = 24 * 3600


def forget_keys(session: Session) -> int:
    """Delete Idempotency-Keys of more than a day ago; answers how many."""
    begin_write(session)
    old = delete(IdempotencyKey).where(IdempotencyKey.created_at < now(-KEPT_SECONDS))
    forgotten = session.execute(old.returning(IdempotencyKey.comment_id)).all()
    session.commit()
    return len(forgotten)


def count(session: Session, counts: Mapping[tuple[str, str], int]) -> None:
    """Add to the figures of /metrics, for what happens outside of any other transaction."""
    begin_write(session)
    tallies.add(session, counts)
    session.commit()
