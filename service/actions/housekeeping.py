"""Forgetting what is no longer needed, and counting what happened."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.domain.ids import email_key
from service.domain.sealing import unseal
from service.domain.standings import of_email
from service.store import authors, guesses, retention, standings, tallies, watched
from service.store.db import begin_write, now
from service.store.reader_tables import IdempotencyKey
from service.store.retention import Timer

KEPT_SECONDS = 24 * 3600
BY = "housekeeping"


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


def forget_entries(session: Session) -> int:
    """Delete what is over of signing in; answers how many sessions and links."""
    begin_write(session)
    guesses.forget_old(session)
    forgotten = retention.forget_entries(session)
    session.commit()
    return forgotten


def blank(session: Session, timer: Timer, *, days: float, most: int) -> int:
    """Blank what is older than so many days in some rows; answers in how many."""
    begin_write(session)
    blanked = retention.blank(session, timer, days=days, most=most)
    session.commit()
    return blanked


def forget_emails(session: Session, *, days: float, most: int) -> int:
    """Of some authors who have not written for so long; answers how many were looked at.

    Whom a moderator's decision that is in force is about goes on being recognised.
    """
    begin_write(session)
    looked_at = retention.quiet(session, days=days, most=most)
    for author in looked_at:
        if not author.is_quiet:
            retention.look_again(session, author.id, at=author.last)
        elif standings.are_in_force(session, author.site_id, author.id, author.email_key):
            retention.look_again(session, author.id, at=now((1 - days) * retention.DAY))
        else:
            retention.forget_email(session, author.id)
            if author.email_key and not authors.with_email(
                session, author.site_id, author.email_key
            ):
                subject = of_email(author.email_key)
                standings.unlink(session, author.site_id, subject, by=BY)
    session.commit()
    return len(looked_at)


def count(session: Session, counts: Mapping[tuple[str, str], int]) -> None:
    """Add to the figures of /metrics, for what happens outside of any other transaction."""
    begin_write(session)
    tallies.add(session, counts)
    session.commit()
