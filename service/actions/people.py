"""Roles of people: changing and taking them."""

from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from service.actions.errors import Forbidden, NotFound
from service.actions.inviting import ensure_administrator, ensure_over
from service.actions.passwords import sign_out_everywhere
from service.domain.roles import Role
from service.store import access_links, audit, credentials, people
from service.store.access_tables import Token
from service.store.audit import Entry, Kind
from service.store.credentials import Holder
from service.store.db import begin_write
from service.store.people_tables import AccessLink, Purpose

OWN = "Nobody changes or removes their own role, so that somebody is left who can."


def change_role(
    session: Session, holder: Holder, person_id: UUID, *, site_id: UUID | None, role: Role
) -> None:
    """It is acted on from their next request on. Raises NotFound, Forbidden."""
    _ensure_may_change(holder, person_id, site_id)
    begin_write(session)
    if not people.change_role(session, person_id, site_id=site_id, role=role, by=holder.by):
        raise NotFound
    _withdraw_links(session, person_id)
    session.commit()


def remove_role(session: Session, holder: Holder, person_id: UUID, *, site_id: UUID | None) -> None:
    """With their last role go their sessions, links and tokens. Raises NotFound, Forbidden."""
    _ensure_may_change(holder, person_id, site_id)
    begin_write(session)
    if not people.remove_role(session, person_id, site_id=site_id, by=holder.by):
        raise NotFound
    there = Token.site_id.is_(None) if site_id is None else Token.site_id == site_id
    _end_of_role(session, holder, person_id, tokens=there)
    session.commit()


def remove_person(session: Session, holder: Holder, person_id: UUID) -> None:
    """All of their roles, and the tokens that are theirs; what they did stays on record."""
    ensure_administrator(holder, None)
    begin_write(session)
    for site_id in people.roles(session, person_id):
        people.remove_role(session, person_id, site_id=site_id, by=holder.by)
    _end_of_role(session, holder, person_id, tokens=true())
    session.commit()


def _end_of_role(
    session: Session, holder: Holder, person_id: UUID, *, tokens: ColumnElement[bool]
) -> None:
    """With the last role, all else goes, too."""
    _withdraw_links(session, person_id)
    if not people.roles(session, person_id):
        tokens = true()
        access_links.revoke(session, Purpose.RESET, AccessLink.moderator_id == person_id)
        sign_out_everywhere(session, person_id)
    credentials.revoke(session, (Token.moderator_id == person_id) & tokens, by=holder.by)


def end_sessions(session: Session, holder: Holder, person_id: UUID) -> int:
    """Sign somebody out everywhere; answers how many sessions ended."""
    begin_write(session)
    ensure_over(holder, people.roles(session, person_id))
    ended = sign_out_everywhere(session, person_id)
    audit.note(session, Entry(kind=Kind.SESSION, action="ended", by=holder.by, subject=person_id,
                              details={"sessions": ended}))  # fmt: skip
    session.commit()
    return ended


def _ensure_may_change(holder: Holder, person_id: UUID, site_id: UUID | None) -> None:
    ensure_administrator(holder, site_id)
    if holder.moderator_id == person_id:
        raise Forbidden(OWN)


def _withdraw_links(session: Session, person_id: UUID) -> None:
    """Whom somebody let in as an administrator does not come in after they are none."""
    person = people.by_id(session, person_id)
    if person is not None:
        for purpose in (Purpose.INVITATION, Purpose.RESET):
            access_links.revoke(session, purpose, AccessLink.made_by == person.email)
