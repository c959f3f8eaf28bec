"""Tokens of programs, as administrators give and take them at the desk."""

import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.credentials import EMAIL, PREFIX
from service.actions.errors import NotFound, Refused
from service.actions.inviting import ensure_administrator
from service.store import credentials
from service.store.access_tables import Token
from service.store.credentials import Holder
from service.store.db import begin_write


def make_token(
    session: Session,
    holder: Holder,
    name: str,
    *,
    scopes: Collection[str],
    site_id: UUID | None,
    days: int | None,
) -> str:
    """It is shown once; only its hash is kept. Raises Refused, NotFound, Forbidden."""
    ensure_administrator(holder, site_id)
    if EMAIL.fullmatch(name):
        raise Refused("Please choose a name that is no e-mail address: those are for people.")
    token = PREFIX + secrets.token_urlsafe(32)
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    begin_write(session)
    credentials.add_token(
        session, token, name=name, scopes=sorted(scopes), site_id=site_id, moderator_id=None,
        expires_at=expires_at, by=holder.by,
    )  # fmt: skip
    session.commit()
    return token


def revoke_token(session: Session, holder: Holder, token_id: UUID) -> None:
    """Whoever uses it is refused from now on. Raises NotFound, Forbidden."""
    begin_write(session)
    found = credentials.valid_tokens(session, None, Token.id == token_id)
    if not found:
        raise NotFound
    ensure_administrator(holder, found[0].site_id)
    credentials.revoke(session, Token.id == token_id, by=holder.by)
    session.commit()


def used(session: Session, token_id: UUID) -> None:
    """Noted now and then, so that administrators see which are used no more."""
    begin_write(session)
    credentials.note_use(session, token_id)
    session.commit()
