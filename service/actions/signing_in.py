"""Signing in at the desk, and out."""

import secrets
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import Unauthenticated
from service.store import credentials, desk_sessions
from service.store.access_tables import DeskSession, Token
from service.store.db import begin_write

WRONG_TOKEN = "That token is not valid, or no longer. Please paste a new one."  # noqa: S105


def with_token(session: Session, token: str, *, browser: str, network: str) -> str:
    """A new session's secret, for the cookie. It ends with the token. Raises Unauthenticated."""
    begin_write(session)
    row = credentials.valid_token(session, Token.token_hash == credentials.hashed(token))
    if row is None:
        raise Unauthenticated(WRONG_TOKEN)
    secret = secrets.token_urlsafe(32)
    desk_sessions.add(
        session, secret, moderator_id=None, token_id=row.id, browser=browser, network=network
    )
    desk_sessions.end_expired(session)
    session.commit()
    return secret


def seen(session: Session, session_id: UUID) -> None:
    begin_write(session)
    desk_sessions.touch(session, session_id)
    session.commit()


def out(session: Session, session_id: UUID) -> None:
    begin_write(session)
    desk_sessions.end(session, DeskSession.id == session_id)
    session.commit()
