"""Who is signed in at the desk."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from service.domain.roles import ADMIN
from service.store import credentials
from service.store.access_tables import DeskSession, Token
from service.store.credentials import Holder, hashed
from service.store.db import AnyRow, now

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)  # to write down each request would cost more than to answer it


@dataclass(frozen=True, slots=True)
class Asker:
    """The browser from which somebody signs in."""

    browser: str
    network: str
    replaces: UUID | None = None  # the session that it had before


@dataclass(frozen=True, slots=True)
class SignedIn:
    session_id: UUID
    holder: Holder
    is_seen: bool  # within the last minute
    person_id: UUID | None  # None: by a token
    lacks_factor: bool = False  # an administrator who has yet to set up a second one


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
    if row.moderator_id is not None:
        return _person(session, row)
    token = credentials.valid_token(session, Token.id == row.token_id)
    holder = credentials.holder_by_token(token) if token else None
    return SignedIn(row.id, holder, bool(row.is_seen), None) if holder else None


def _person(session: Session, row: AnyRow) -> SignedIn:
    """Who administrates may do nothing without a second factor, but set one up."""
    holder, has_factor = credentials.holder_by_roles(session, row.moderator_id)
    lacks_factor = not has_factor and holder.may_anywhere(ADMIN)
    if lacks_factor:
        holder = replace(holder, grants={})
    return SignedIn(row.id, holder, bool(row.is_seen), row.moderator_id, lacks_factor)


def of_person(moderator_id: UUID) -> ColumnElement[bool]:
    """By password, or by a token that is theirs."""
    tokens = select(Token.id).where(Token.moderator_id == moderator_id)
    return (DeskSession.moderator_id == moderator_id) | DeskSession.token_id.in_(tokens)


def listed(session: Session, which: ColumnElement[bool]) -> Sequence[AnyRow]:
    """Those that have not ended, the one in use last first."""
    return session.execute(
        select(
            DeskSession.id, DeskSession.browser, DeskSession.network, DeskSession.created_at,
            DeskSession.seen_at,
        )
        .where(which, DeskSession.expires_at > now())
        .where(DeskSession.seen_at > now(-IDLE.total_seconds()))
        .order_by(DeskSession.seen_at.desc())
    ).all()  # fmt: skip


def begin(
    session: Session,
    asker: Asker,
    *,
    moderator_id: UUID | None = None,
    token_id: UUID | None = None,
) -> str:
    """A new session, in place of the one that this browser had; answers the cookie's secret."""
    secret = secrets.token_urlsafe(32)
    if asker.replaces is not None:
        end(session, DeskSession.id == asker.replaces)
    session.add(
        DeskSession(
            secret_hash=hashed(secret),
            moderator_id=moderator_id,
            token_id=token_id,
            browser=asker.browser[:200],
            network=asker.network,
            expires_at=now(LONGEST.total_seconds()),
        )
    )
    session.flush()
    end_expired(session)
    return secret


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
