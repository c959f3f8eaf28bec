"""Forgetting what is no longer needed, and counting what happened."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.domain.ids import email_key
from service.domain.sealing import unseal
from service.store import authors, tallies, watched
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


def key_authors(session: Session, *, secret: str, most: int) -> int:
    """Make some authors from before there were keys findable by name and e-mail address."""
    begin_write(session)
    found = authors.unkeyed(session, limit=most)
    for author, name in found:
        mail = unseal(secret, author.email_sealed) if author.email_sealed else None
        key = email_key(secret, author.site_id, mail) if mail else None
        authors.set_keys(session, author.id, name=(name or "").casefold()[:100], email=key)
    session.commit()
    return len(found)


def forget_addresses(session: Session) -> int:
    """Delete hashes of network addresses on which no decision is in force; answers how many."""
    begin_write(session)
    forgotten = watched.forget(session)
    session.commit()
    return forgotten


def count(session: Session, counts: Mapping[tuple[str, str], int]) -> None:
    """Add to the figures of /metrics, for what happens outside of any other transaction."""
    begin_write(session)
    tallies.add(session, counts)
    session.commit()
