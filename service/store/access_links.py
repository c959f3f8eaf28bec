"""Secrets that are good once and for one purpose: invitations, resets, a half-done sign-in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from service.domain.roles import Role
from service.store.credentials import hashed
from service.store.db import AnyRow, now
from service.store.models import Site
from service.store.people_tables import AccessLink, Purpose

LASTING: Mapping[Purpose, timedelta] = {
    Purpose.INVITATION: timedelta(days=7),
    Purpose.RESET: timedelta(days=1),
    Purpose.CODE: timedelta(minutes=5),
}
SHOWN = (
    AccessLink.id, AccessLink.moderator_id, AccessLink.email, AccessLink.site_id, AccessLink.role,
    AccessLink.made_by, AccessLink.expires_at,
)  # fmt: skip


def add(
    session: Session,
    secret: str,
    purpose: Purpose,
    *,
    made_by: str,
    moderator_id: UUID | None = None,
    email: str | None = None,
    site_id: UUID | None = None,
    role: Role | None = None,
) -> None:
    session.execute(delete(AccessLink).where(AccessLink.expires_at <= now()))
    session.add(
        AccessLink(
            purpose=purpose,
            secret_hash=hashed(secret),
            moderator_id=moderator_id,
            email=email,
            site_id=site_id,
            role=role,
            made_by=made_by,
            expires_at=now(LASTING[purpose].total_seconds()),
        )
    )


def find(session: Session, secret: str, purpose: Purpose) -> AnyRow | None:
    """What it is good for; None when it never was, for this purpose, or is no longer."""
    return session.execute(
        select(*SHOWN, Site.name.label("site_name"))
        .outerjoin(Site, Site.id == AccessLink.site_id)
        .where(_is_good(secret, purpose))
    ).one_or_none()


def use(session: Session, secret: str, purpose: Purpose) -> AnyRow | None:
    """As above, and of several who use it at the same time one succeeds."""
    return session.execute(
        delete(AccessLink).where(_is_good(secret, purpose)).returning(*SHOWN)
    ).one_or_none()


def revoke(session: Session, purpose: Purpose, which: ColumnElement[bool]) -> Sequence[AnyRow]:
    """Answers what they were good for."""
    is_it = (AccessLink.purpose == purpose) & which
    return session.execute(delete(AccessLink).where(is_it).returning(*SHOWN)).all()


def invitations(session: Session, sites: Collection[UUID] | None) -> Sequence[AnyRow]:
    """Those that nobody has accepted yet, to these sites; None: to all."""
    query = (
        select(*SHOWN, Site.name.label("site_name"))
        .outerjoin(Site, Site.id == AccessLink.site_id)
        .where(AccessLink.purpose == Purpose.INVITATION, AccessLink.expires_at > now())
        .order_by(AccessLink.email, AccessLink.id)
    )
    return session.execute(
        query if sites is None else query.where(AccessLink.site_id.in_(sites))
    ).all()


def _is_good(secret: str, purpose: Purpose) -> ColumnElement[bool]:
    return (
        (AccessLink.secret_hash == hashed(secret))
        & (AccessLink.purpose == purpose)
        & (AccessLink.expires_at > now())
    )
