"""People who moderate: their roles, their password, their second factor."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, insert, or_, select, true, update
from sqlalchemy.orm import Session

from service.domain.roles import Role
from service.store import audit
from service.store.access_tables import Grant, Moderator
from service.store.audit import Entry, Kind
from service.store.db import AnyRow, AnySelect, now
from service.store.models import Site
from service.store.people_tables import RecoveryCode

PERSON: AnySelect = select(
    Moderator.id, Moderator.email, Moderator.password_hash, Moderator.factor_sealed,
    Moderator.factor_pending, Moderator.factor_step,
)  # fmt: skip


def clock(session: Session) -> datetime:
    """The database's: codes are of a time, and hosts may disagree about it."""
    return session.execute(select(now())).scalar_one()


def by_email(session: Session, email: str) -> AnyRow | None:
    return session.execute(PERSON.where(Moderator.email == email)).one_or_none()


def by_id(session: Session, moderator_id: UUID) -> AnyRow | None:
    return session.execute(PERSON.where(Moderator.id == moderator_id)).one_or_none()


def keep_password(session: Session, person: AnyRow, hashed: str) -> bool:
    """The same password, perhaps hashed anew; False when it was changed since it was seen.

    The person's row is locked from here on, so that no reset comes in between.
    """
    return _change(session, person.id, _has_password(person), action=None, by="",
                   values={"password_hash": hashed})  # fmt: skip


def change_password(
    session: Session, person: AnyRow, hashed: str, *, action: str = "password changed"
) -> bool:
    """False when it was changed since it was seen."""
    return _change(session, person.id, _has_password(person), action=action, by=person.email,
                   values={"password_hash": hashed})  # fmt: skip


def use_step(session: Session, moderator_id: UUID, step: int) -> bool:
    """Of two who show the same code at the same time, one is let in."""
    is_unused = or_(Moderator.factor_step.is_(None), Moderator.factor_step < step)
    return _change(session, moderator_id, is_unused, action=None, by="",
                   values={"factor_step": step})  # fmt: skip


def set_pending_factor(session: Session, moderator_id: UUID, sealed: str) -> None:
    _change(session, moderator_id, true(), action=None, by="", values={"factor_pending": sealed})


def confirm_factor(session: Session, person: AnyRow, *, step: int) -> bool:
    """The pending secret becomes the one that is asked for; False when it was another one."""
    pending = person.factor_pending
    return _change(
        session, person.id, Moderator.factor_pending == pending, by=person.email,
        action="second factor set up",
        values={"factor_sealed": pending, "factor_pending": None, "factor_step": step},
    )  # fmt: skip


def remove_factor(session: Session, moderator_id: UUID, *, by: str) -> None:
    _change(
        session, moderator_id, true(), action="second factor removed", by=by,
        values={"factor_sealed": None, "factor_pending": None, "factor_step": None},
    )  # fmt: skip
    session.execute(delete(RecoveryCode).where(RecoveryCode.moderator_id == moderator_id))


def _has_password(person: AnyRow) -> ColumnElement[bool]:
    seen: str | None = person.password_hash
    return Moderator.password_hash.is_(None) if seen is None else Moderator.password_hash == seen


def _change(
    session: Session,
    moderator_id: UUID,
    condition: ColumnElement[bool],
    *,
    action: str | None,
    by: str,
    values: dict[str, Any],
) -> bool:
    """Whether the condition still held; what has no action is no matter of the log."""
    changed = session.execute(
        update(Moderator)
        .where(Moderator.id == moderator_id, condition)
        .values(values)
        .returning(Moderator.id)
    ).one_or_none()
    if changed is not None and action is not None:
        audit.note(session, Entry(kind=Kind.PERSON, action=action, by=by, subject=moderator_id))
    return changed is not None


def replace_recovery_codes(session: Session, moderator_id: UUID, hashes: Sequence[str]) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.moderator_id == moderator_id))
    rows = [{"moderator_id": moderator_id, "code_hash": one} for one in hashes]
    session.execute(insert(cast(Table, RecoveryCode.__table__)), rows)


def use_recovery_code(session: Session, moderator_id: UUID, code_hash: str) -> bool:
    used = session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.moderator_id == moderator_id, RecoveryCode.code_hash == code_hash)
        .returning(RecoveryCode.code_hash)
    )
    return used.one_or_none() is not None


def count_recovery_codes(session: Session, moderator_id: UUID) -> int:
    count = select(func.count()).where(RecoveryCode.moderator_id == moderator_id)
    return session.scalar(count) or 0


def roles(session: Session, moderator_id: UUID) -> dict[UUID | None, Role]:
    """By site; under None the role at all of them."""
    rows = session.execute(
        select(Grant.site_id, Grant.role).where(Grant.moderator_id == moderator_id)
    )
    return {row.site_id: Role(row.role) for row in rows}


def listed(session: Session, sites: Collection[UUID] | None) -> Sequence[AnyRow]:
    """Who has which role at these sites, or anywhere: a row for each role."""
    query: AnySelect = (
        select(
            Moderator.id,
            Moderator.email,
            Moderator.factor_sealed.is_not(None).label("has_factor"),
            Grant.site_id,
            Grant.role,
            Site.key.label("site_key"),
            Site.name.label("site_name"),
        )
        .join(Grant, Grant.moderator_id == Moderator.id)
        .outerjoin(Site, Site.id == Grant.site_id)
        .order_by(Moderator.email, Site.name)
    )
    return session.execute(query if sites is None else query.where(Grant.site_id.in_(sites))).all()


def grant(
    session: Session, moderator_id: UUID, *, site_id: UUID | None, role: Role, by: str
) -> None:
    """Give this role there, in place of another."""
    if change_role(session, moderator_id, site_id=site_id, role=role, by=by):
        return
    session.add(Grant(moderator_id=moderator_id, site_id=site_id, role=role))
    audit.note(session, _role_entry("given", moderator_id, site_id, by=by, role=role))


def change_role(
    session: Session, moderator_id: UUID, *, site_id: UUID | None, role: Role, by: str
) -> bool:
    """False when they have none there, so that nobody comes back who was removed meanwhile."""
    changed = session.execute(
        update(Grant).where(_is_grant(moderator_id, site_id)).values(role=role).returning(Grant.id)
    ).one_or_none()
    if changed is not None:
        audit.note(session, _role_entry("changed", moderator_id, site_id, by=by, role=role))
    return changed is not None


def remove_role(session: Session, moderator_id: UUID, *, site_id: UUID | None, by: str) -> bool:
    removed = session.execute(
        delete(Grant).where(_is_grant(moderator_id, site_id)).returning(Grant.role)
    ).one_or_none()
    if removed is not None:
        entry = _role_entry("removed", moderator_id, site_id, by=by, role=removed.role)
        audit.note(session, entry)
    return removed is not None


def _role_entry(
    action: str, moderator_id: UUID, site_id: UUID | None, *, by: str, role: str
) -> Entry:
    return Entry(kind=Kind.ROLE, action=action, by=by, site_id=site_id, subject=moderator_id,
                 details={"role": role})  # fmt: skip


def _is_grant(moderator_id: UUID, site_id: UUID | None) -> ColumnElement[bool]:
    there = Grant.site_id.is_(None) if site_id is None else Grant.site_id == site_id
    return (Grant.moderator_id == moderator_id) & there
