"""Who is signed in at the desk."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from service.store import credentials
from service.store.access_tables import DeskSession, Token
from service.store.credentials import Holder, hashed
from service.store.db import now

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)  # to write down each request would cost more than to answer it


@dataclass(frozen=True, slots=True)
class SignedIn:
    session_id: UUID
    holder: Holder
    is_seen: bool  # within the last minute


def find(session: Session, secret: str) -> SignedIn | None:
    """None for unknown and ended ones, and for those whose token or person may nothing any more."""
    row = session.execute(
        select(
            DeskSession.id,
            DeskSession.moderator_id,
            DeskSession.token_id,
            (DeskSession.seen_at > now(-SEEN_EVERY.total_seconds())).label("is_seen"),
        ).where(
            DeskSession.secret_hash == hashed(secret),
            DeskSession.expires_at > now(),
            DeskSession.seen_at > now(-IDLE.total_seconds()),
        )
    ).one_or_none()
    if row is None:
        return None
    holder = _holder(session, moderator_id=row.moderator_id, token_id=row.token_id)
    return SignedIn(row.id, holder, bool(row.is_seen)) if holder else None


def _holder(session: Session, *, moderator_id: UUID | None, token_id: UUID | None) -> Holder | None:
    if token_id is not None:
        token = credentials.valid_token(session, Token.id == token_id)
        return credentials.holder_by_token(token) if token else None
    return credentials.holder_by_roles(session, moderator_id) if moderator_id else None


def add(
    session: Session,
    secret: str,
    *,
    moderator_id: UUID | None,
    token_id: UUID | None,
    browser: str,
    network: str,
) -> UUID:
    opened = DeskSession(
        secret_hash=hashed(secret),
        moderator_id=moderator_id,
        token_id=token_id,
        browser=browser[:200],
        network=network,
        expires_at=now(LONGEST.total_seconds()),
    )
    session.add(opened)
    session.flush()
    return opened.id


def touch(session: Session, session_id: UUID) -> None:
    session.execute(update(DeskSession).where(DeskSession.id == session_id).values(seen_at=now()))


def end(session: Session, which: ColumnElement[bool]) -> int:
    """End those; answers how many there were."""
    ended = session.execute(delete(DeskSession).where(which).returning(DeskSession.id))
    return len(ended.all())


def end_expired(session: Session) -> int:
    return end(
        session,
        (DeskSession.expires_at <= now()) | (DeskSession.seen_at <= now(-IDLE.total_seconds())),
    )
