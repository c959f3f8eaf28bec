"""The keys with which the tokens of a site's readers are verified."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.store.reader_tables import IdentityKey


def keys(session: Session, site_id: UUID) -> Sequence[IdentityKey]:
    """The newest first."""
    return session.scalars(
        select(IdentityKey).where(IdentityKey.site_id == site_id).order_by(IdentityKey.id.desc())
    ).all()


def add(session: Session, site_id: UUID, *, algorithm: str, key_sealed: str) -> None:
    session.add(IdentityKey(site_id=site_id, algorithm=algorithm, key_sealed=key_sealed))


def remove(session: Session, key_ids: Sequence[UUID]) -> None:
    session.execute(delete(IdentityKey).where(IdentityKey.id.in_(key_ids)))
