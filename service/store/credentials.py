"""Moderators and bearer tokens."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, true, update
from sqlalchemy.orm import Session

from service.domain.roles import ROLES, SCOPES, Permission, Role
from service.store import audit
from service.store.access_tables import Grant, Moderator, Token
from service.store.audit import Entry, Kind
from service.store.db import AnyRow, AnySelect, now
from service.store.models import Site

NOTED_EVERY = timedelta(hours=1)  # the use of a token; people are shown the day


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who is known: `by` is how decisions name them.

    `grants` says what they may do at which site; under None, at all of them.
    """

    by: str
    grants: Mapping[UUID | None, frozenset[Permission]]
    moderator_id: UUID | None = None

    def may(self, permission: Permission, site_id: UUID | None) -> bool:
        """At this site; with None, at all of them."""
        own = self.grants.get(site_id, frozenset())
        return permission in own or permission in self.grants.get(None, frozenset())

    def sites(self, permission: Permission) -> frozenset[UUID] | None:
        """The sites where they may; None: all of them."""
        if self.may(permission, None):
            return None
        return frozenset(
            site for site, granted in self.grants.items() if site and permission in granted
        )

    def may_anywhere(self, permission: Permission) -> bool:
        return self.sites(permission) != frozenset()


def hashed(token: str) -> str:
    # Tokens are 256 random bits, so a plain hash gives nothing away; slow hashing is for passwords.
    return hashlib.sha256(token.encode()).hexdigest()


def holder_of(session: Session, token: str) -> Holder | None:
    """None for unknown, expired and revoked tokens alike."""
    row = valid_token(session, Token.token_hash == hashed(token))
    return holder_by_token(row) if row else None


def valid_token(session: Session, is_it: ColumnElement[bool]) -> AnyRow | None:
    """Neither expired nor revoked."""
    return session.execute(
        select(
            Token.id, Token.name, Token.scopes, Token.site_id, Token.moderator_id,
            Token.expires_at, Moderator.email,
            (Token.used_at > now(-NOTED_EVERY.total_seconds())).label("is_noted"),
        )
        .outerjoin(Moderator, Moderator.id == Token.moderator_id)
        .where(
            and_(is_it, Token.revoked_at.is_(None)),
            or_(Token.expires_at.is_(None), Token.expires_at > now()),
        )
    ).one_or_none()  # fmt: skip


def holder_by_token(row: AnyRow) -> Holder:
    may = frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in row.scopes))
    return Holder(row.email or row.name, {row.site_id: may}, row.moderator_id)


def holder_by_roles(session: Session, moderator_id: UUID) -> tuple[Holder, bool]:
    """A person with whatever roles they have at this moment, and whether with a second factor."""
    rows = session.execute(
        select(Moderator.email, Moderator.factor_sealed, Grant.site_id, Grant.role)
        .outerjoin(Grant, Grant.moderator_id == Moderator.id)
        .where(Moderator.id == moderator_id)
    ).all()
    grants = {row.site_id: ROLES[Role(row.role)] for row in rows if row.role}
    return Holder(rows[0].email, grants, moderator_id), rows[0].factor_sealed is not None


def add_token(
    session: Session,
    token: str,
    *,
    name: str,
    scopes: Sequence[str],
    site_id: UUID | None,
    moderator_id: UUID | None,
    expires_at: datetime | None,
    by: str,
) -> None:
    added = Token(
        name=name,
        token_hash=hashed(token),
        scopes=list(scopes),
        site_id=site_id,
        moderator_id=moderator_id,
        expires_at=expires_at,
    )
    session.add(added)
    session.flush()
    said = {"name": name, "scopes": list(scopes), "expires_at": expires_at}
    audit.note(
        session,
        Entry(
            kind=Kind.TOKEN, action="created", by=by, site_id=site_id, subject=added.id,
            details=said | {"moderator": moderator_id},
        ),
    )  # fmt: skip


def revoke(session: Session, which: ColumnElement[bool], *, by: str) -> int:
    """Revoke those that are not yet; answers how many that were."""
    revoked = session.execute(
        update(Token)
        .where(which, Token.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(Token.id, Token.name, Token.site_id)
    ).all()
    entries = [
        Entry(
            kind=Kind.TOKEN, action="revoked", by=by, site_id=row.site_id, subject=row.id,
            details={"name": row.name},
        )
        for row in revoked
    ]  # fmt: skip
    audit.note(session, *entries)
    return len(revoked)


def note_use(session: Session, token_id: UUID) -> None:
    session.execute(update(Token).where(Token.id == token_id).values(used_at=now()))


def valid_tokens(
    session: Session, sites: Collection[UUID] | None, which: ColumnElement[bool] | None = None
) -> Sequence[AnyRow]:
    """Those that are still good, for these sites; None: all. Newest first."""
    query: AnySelect = (
        select(
            Token.id, Token.name, Token.scopes, Token.site_id, Token.created_at, Token.expires_at,
            Token.used_at, Site.name.label("site_name"),
        )
        .outerjoin(Site, Site.id == Token.site_id)
        .where(Token.revoked_at.is_(None), true() if which is None else which)
        .where(or_(Token.expires_at.is_(None), Token.expires_at > now()))
        .order_by(Token.id.desc())
    )  # fmt: skip
    return session.execute(query if sites is None else query.where(Token.site_id.in_(sites))).all()


def tokens(session: Session) -> Sequence[Token]:
    return session.scalars(select(Token).order_by(Token.id)).all()


def moderator_for(session: Session, email: str, *, by: str) -> UUID:
    found = session.scalar(select(Moderator.id).where(Moderator.email == email))
    if found is not None:
        return found
    moderator = Moderator(email=email)
    session.add(moderator)
    session.flush()
    audit.note(
        session,
        Entry(
            kind=Kind.PERSON, action="added", by=by, subject=moderator.id, details={"email": email}
        ),
    )
    return moderator.id
