"""Links by which people come in: invitations, and resets of a password."""

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.credentials import EMAIL
from service.actions.errors import AlreadyExists, Forbidden, NotFound, Refused
from service.actions.passwords import Entrance, enter, forget_guesses, sign_out_everywhere
from service.domain.passwords import hash_password, new_password
from service.domain.roles import ADMIN, READ, Role
from service.store import access_links, audit, credentials, people
from service.store.audit import Entry, Kind
from service.store.credentials import Holder
from service.store.db import AnyRow, begin_write
from service.store.desk_sessions import Asker
from service.store.people_tables import AccessLink, Purpose

GONE = "This link was used already, or its time is over. Please ask whoever sent it for a new one."
SIGN_IN_FIRST = "There is an account of this address already. Sign in with it, then accept here."


def invite(
    session: Session, holder: Holder, email: str, *, site_id: UUID | None, role: Role
) -> str:
    """The secret of a link that gives this role. It replaces the one before for the same site."""
    email = email.strip().lower()
    if not EMAIL.fullmatch(email):
        raise Refused(f"{email!r} is not an e-mail address.")
    ensure_administrator(holder, site_id)
    secret = secrets.token_urlsafe(32)
    begin_write(session)
    there = AccessLink.site_id.is_(None) if site_id is None else AccessLink.site_id == site_id
    access_links.revoke(session, Purpose.INVITATION, (AccessLink.email == email) & there)
    access_links.add(
        session, secret, Purpose.INVITATION, made_by=holder.by, email=email, site_id=site_id,
        role=role,
    )  # fmt: skip
    said = {"email": email, "role": role}
    _note(session, holder, "invited", site_id=site_id, details=said)
    session.commit()
    return secret


def revoke_invitation(session: Session, holder: Holder, link_id: UUID) -> None:
    begin_write(session)
    for link in access_links.revoke(session, Purpose.INVITATION, AccessLink.id == link_id):
        ensure_administrator(holder, link.site_id)
        said = {"email": link.email}
        _note(session, holder, "invitation withdrawn", site_id=link.site_id, details=said)
    session.commit()


def accept_with_password(
    session: Session, link_secret: str, password: str, *, asker: Asker
) -> Entrance:
    """For whoever has no account yet. Raises Unacceptable, NotFound, or AlreadyExists.

    An invitation opens no account that there is: whoever invites somebody holds the link, and would
    come in under their name wherever else they have a role.
    """
    link = _found(session, link_secret, Purpose.INVITATION)
    session.rollback()  # hashing takes a while, and no transaction stays open for it
    hashed = hash_password(new_password(password, about=link.email))
    begin_write(session)
    link = _found(session, link_secret, Purpose.INVITATION)
    person = people.by_email(session, link.email)
    if person is not None and (person.password_hash or people.roles(session, person.id)):
        raise AlreadyExists(SIGN_IN_FIRST)
    link = _used(session, link_secret, Purpose.INVITATION)
    person_id = credentials.moderator_for(session, link.email, by=link.made_by)
    person = _person(session, person_id)
    if not people.change_password(session, person, hashed, action="password chosen"):
        raise AlreadyExists(SIGN_IN_FIRST)
    _grant(session, link, person_id)
    entrance = enter(session, person, asker)
    session.commit()
    return entrance


def accept(session: Session, link_secret: str, *, person_id: UUID) -> None:
    """For whoever is signed in under the address that was invited."""
    begin_write(session)
    link = _used(session, link_secret, Purpose.INVITATION)
    if _person(session, person_id).email != link.email:
        raise Forbidden(f"This invitation is for {link.email}. Sign in with that address.")
    _grant(session, link, person_id)
    session.commit()


def make_reset(
    session: Session, holder: Holder, person_id: UUID, *, without_factor: bool = False
) -> str:
    """The secret of a link by which somebody chooses a new password.

    Whoever makes one could use it. So it takes an administrator of all the person's sites.
    """
    secret = secrets.token_urlsafe(32)
    begin_write(session)
    person = _person(session, person_id)
    ensure_over(holder, people.roles(session, person_id))
    access_links.revoke(session, Purpose.RESET, AccessLink.moderator_id == person_id)
    access_links.add(
        session, secret, Purpose.RESET, made_by=holder.by, moderator_id=person_id,
        email=person.email,
    )  # fmt: skip
    if without_factor:
        people.remove_factor(session, person_id, by=holder.by)
    _note(session, holder, "reset link made", subject=person_id)
    session.commit()
    return secret


def reset_password(
    session: Session, link_secret: str, password: str, *, asker: Asker, secret: str
) -> Entrance:
    """Ends all sessions, and lets in whom others had locked out. Raises Unacceptable, NotFound."""
    link = _found(session, link_secret, Purpose.RESET)
    session.rollback()  # hashing takes a while, and no transaction stays open for it
    hashed = hash_password(new_password(password, about=link.email))
    begin_write(session)
    forget_guesses(session, link.email, secret=secret)
    link = _used(session, link_secret, Purpose.RESET)
    person = _person(session, link.moderator_id)
    if not people.change_password(session, person, hashed, action="password reset"):
        raise Forbidden("The password was changed at this very moment. Please try again.")
    sign_out_everywhere(session, person.id)
    entrance = enter(session, person, asker)
    session.commit()
    return entrance


def ensure_administrator(holder: Holder, site_id: UUID | None) -> None:
    """Raises NotFound for sites that they may not even read, else Forbidden."""
    if site_id is not None and not holder.may(READ, site_id):
        raise NotFound
    if not holder.may(ADMIN, site_id):
        raise Forbidden("It takes an administrator of all sites, or of this one, to do that.")


def ensure_over(holder: Holder, roles: dict[UUID | None, Role]) -> None:
    """An administrator wherever these roles are. Raises NotFound, or Forbidden."""
    sites = [site for site in roles if holder.may(ADMIN, site)]
    if not sites and not holder.may(ADMIN, None):
        raise NotFound
    if len(sites) < len(roles):
        raise Forbidden(
            "This person has a role at sites that you do not administrate. Please ask somebody "
            "who administrates all of them."
        )


def _found(session: Session, link_secret: str, purpose: Purpose) -> AnyRow:
    link = access_links.find(session, link_secret, purpose)
    if link is None:
        raise NotFound(GONE)
    return link


def _used(session: Session, link_secret: str, purpose: Purpose) -> AnyRow:
    link = access_links.use(session, link_secret, purpose)
    if link is None:
        raise NotFound(GONE)
    return link


def _grant(session: Session, link: AnyRow, person_id: UUID) -> None:
    role = Role(link.role)
    people.grant(session, person_id, site_id=link.site_id, role=role, by=link.made_by)


def _note(session: Session, holder: Holder, action: str, **more: Any) -> None:
    audit.note(session, Entry(kind=Kind.PERSON, action=action, by=holder.by, **more))


def _person(session: Session, person_id: UUID) -> AnyRow:
    person = people.by_id(session, person_id)
    if person is None:
        raise NotFound
    return person
