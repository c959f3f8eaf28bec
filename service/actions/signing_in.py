"""Signing in at the desk, and out."""

from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import Unauthenticated
from service.store import credentials, desk_sessions
from service.store.access_tables import DeskSession, Token
from service.store.db import begin_write
from service.store.desk_sessions import Asker

WRONG_TOKEN = "That token is not valid, or no longer. Please paste a new one."  # noqa: S105


def with_token(session: Session, token: str, asker: Asker) -> str:
    """A new session's secret, for the cookie. It ends with the token. Raises Unauthenticated."""
    begin_write(session)
    row = credentials.valid_token(session, Token.token_hash == credentials.hashed(token))
    if row is None:
        raise Unauthenticated(WRONG_TOKEN)
    secret = desk_sessions.begin(session, asker, token_id=row.id)
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
