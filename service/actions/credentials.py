"""Giving and taking access."""

import re
import secrets
from collections.abc import Collection, Set
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import NotFound, Refused
from service.domain.roles import SCOPES
from service.store import credentials, sites
from service.store.access_tables import Token
from service.store.db import begin_write

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
PREFIX = "aw_"  # lets secret scanners recognise a token that leaked


def create_token(
    session: Session,
    *,
    name: str,
    scopes: Collection[str],
    site: str | None,
    days: int | None,
    by: str,
) -> str:
    """A new bearer token. It is shown once; only its hash is kept."""
    begin_write(session)
    token = _add(
        session, name=name, scopes=set(scopes), site=site, days=days, moderator_id=None, by=by
    )
    session.commit()
    return token


def add_moderator(
    session: Session,
    email: str,
    *,
    site: str | None,
    days: int | None,
    scopes: Collection[str] = ("moderate",),
    by: str,
) -> str:
    """A token for a person, under whose address decisions are recorded. Made anew each time."""
    if not EMAIL.fullmatch(email):
        raise Refused(f"{email!r} is not an e-mail address.")
    begin_write(session)
    moderator_id = credentials.moderator_for(session, email.lower(), by=by)
    token = _add(
        session, name=email.lower(), scopes=set(scopes), site=site, days=days,
        moderator_id=moderator_id, by=by,
    )  # fmt: skip
    session.commit()
    return token


def revoke_tokens(session: Session, name: str, *, by: str) -> int:
    """Revoke all tokens of that name; answers how many there were."""
    begin_write(session)
    revoked = credentials.revoke(session, Token.name == name, by=by)
    session.commit()
    return revoked


def _add(
    session: Session,
    *,
    name: str,
    scopes: Set[str],
    site: str | None,
    days: int | None,
    moderator_id: UUID | None,
    by: str,
) -> str:
    unknown = scopes - SCOPES.keys()
    if unknown or not scopes:
        raise Refused(f"Scopes are {', '.join(SCOPES)}.")
    token = PREFIX + secrets.token_urlsafe(32)
    credentials.add_token(
        session,
        token,
        name=name,
        scopes=sorted(scopes),
        site_id=_site_id(session, site),
        moderator_id=moderator_id,
        expires_at=datetime.now(UTC) + timedelta(days=days) if days else None,
        by=by,
    )
    return token


def _site_id(session: Session, key: str | None) -> UUID | None:
    if key is None:
        return None
    site = sites.find(session, key)
    if site is None:
        raise NotFound(f"There is no site with the key {key!r}.")
    return site.id
