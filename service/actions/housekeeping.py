"""Forgetting what is no longer needed."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.store.db import begin_write, now
from service.store.models import IdempotencyKey

KEPT_SECONDS = 24 * 3600


def forget_keys(session: Session) -> int:
    """Delete Idempotency-Keys of more than a day ago; answers how many."""
    begin_write(session)
    old = delete(IdempotencyKey).where(IdempotencyKey.created_at < now(-KEPT_SECONDS))
    forgotten = session.execute(old.returning(IdempotencyKey.comment_id)).all()
    session.commit()
    return len(forgotten)
