"""The keys with which the tokens of a site's readers are verified."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.store import audit
from service.store.audit import Entry, Kind
from service.store.reader_tables import IdentityKey


def keys(session: Session, site_id: UUID) -> Sequence[IdentityKey]:
    """The newest first."""
    return session.scalars(
        select(IdentityKey).where(IdentityKey.site_id == site_id).order_by(IdentityKey.id.desc())
    ).all()


def add(session: Session, site_id: UUID, *, algorithm: str, key_sealed: str, by: str) -> None:
    added = IdentityKey(site_id=site_id, algorithm=algorithm, key_sealed=key_sealed)
    session.add(added)
    session.flush()
    _note(session, "key added", [added], by=by)


def remove(session: Session, removed: Sequence[IdentityKey], *, by: str) -> None:
    ids = [key.id for key in removed]
    session.execute(delete(IdentityKey).where(IdentityKey.id.in_(ids)))
    _note(session, "key removed", removed, by=by)


def _note(session: Session, action: str, found: Sequence[IdentityKey], *, by: str) -> None:
    entries = [
        Entry(
            kind=Kind.IDENTITY, action=action, by=by, site_id=key.site_id, subject=key.id,
            details={"algorithm": key.algorithm},
        )
        for key in found
    ]  # fmt: skip
    audit.note(session, *entries)
