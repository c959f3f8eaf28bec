"""Moderators and bearer tokens."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from service.store.access_tables import Moderator, Token
from service.store.db import now


@dataclass(frozen=True, slots=True)
class Holder:
    """Who shows a valid token: `by` is how decisions name them."""

    by: str
    scopes: frozenset[str]
    site_id: UUID | None


def hashed(token: str) -> str:
    # Tokens are 256 random bits, so a plain hash gives nothing away; slow hashing is for passwords.
    return hashlib.sha256(token.encode()).hexdigest()


def holder_of(session: Session, token: str) -> Holder | None:
    """None for unknown, expired and revoked tokens alike."""
    row = session.execute(
        select(Token.name, Token.scopes, Token.site_id, Moderator.email)
        .outerjoin(Moderator, Moderator.id == Token.moderator_id)
        .where(
            Token.token_hash == hashed(token),
            Token.revoked_at.is_(None),
            or_(Token.expires_at.is_(None), Token.expires_at > now()),
        )
    ).one_or_none()
    if row is None:
        return None
    return Holder(by=row.email or row.name, scopes=frozenset(row.scopes), site_id=row.site_id)


def add_token(
    session: Session,
    token: str,
    *,
    name: str,
    scopes: Sequence[str],
    site_id: UUID | None,
    moderator_id: UUID | None,
    expires_at: datetime | None,
) -> None:
    session.add(
        Token(
            name=name,
            token_hash=hashed(token),
            scopes=list(scopes),
            site_id=site_id,
            moderator_id=moderator_id,
            expires_at=expires_at,
        )
    )


def revoke(session: Session, name: str) -> int:
    revoked = session.execute(
        update(Token)
        .where(Token.name == name, Token.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(Token.id)
    )
    return len(revoked.all())


def tokens(session: Session) -> Sequence[Token]:
    return session.scalars(select(Token).order_by(Token.id)).all()


def moderator_for(session: Session, email: str) -> UUID:
    found = session.scalar(select(Moderator.id).where(Moderator.email == email))
    if found is not None:
        return found
    moderator = Moderator(email=email)
    session.add(moderator)
    session.flush()
    return moderator.id
