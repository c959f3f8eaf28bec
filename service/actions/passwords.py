"""Signing in with a password, and with a second factor where there is one."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import TooManyGuesses, Unauthenticated
from service.domain.ids import keyed_hash
from service.domain.passwords import hash_password, is_password, needs_rehash, normalise_password
from service.domain.sealing import SECOND_FACTOR, unseal
from service.domain.second_factor import recovery_hash, step_of
from service.store import access_links, desk_sessions, guesses, people
from service.store.db import AnyRow, begin_write
from service.store.desk_sessions import Asker
from service.store.people_tables import AccessLink, Purpose

MOST_OF_PERSON, MOST_OF_NETWORK = 10, 50  # wrong guesses within a quarter of an hour
WRONG = (
    "This address and this password do not belong together, or there were too many attempts. "
    f"After {MOST_OF_PERSON} wrong ones we take none for 15 minutes; whoever runs the desk can "
    "give you a link that lets you in at once."
)
WRONG_CODE = (
    "This code is wrong, was used before, or there were too many attempts. Wait for the app's "
    "next code, or use one of your recovery codes."
)
STARTED_TOO_LONG_AGO = "You began to sign in too long ago. Please begin again."


@dataclass(frozen=True, slots=True)
class Entrance:
    """How far somebody got: a session's secret for the cookie, or one that waits for a code."""

    session: str | None = None
    waiting: str | None = None


def sign_in(session: Session, email: str, password: str, *, asker: Asker, secret: str) -> Entrance:
    """Raises Unauthenticated, in the same words and time for whatever reason."""
    email = email.strip().lower()
    noted = _reserve(session, email, asker=asker, secret=secret)
    person = people.by_email(session, email)
    session.rollback()  # hashing takes a while, and no transaction stays open for it
    is_right = is_password(person.password_hash if person else None, password)
    if person is None or not is_right or noted is None:
        raise Unauthenticated(WRONG)
    hashed = person.password_hash
    if needs_rehash(hashed):
        hashed = hash_password(normalise_password(password))
    begin_write(session)
    for key, moment in noted.items():
        guesses.take_back(session, key, moment)
    if not people.keep_password(session, person, hashed):
        raise Unauthenticated(WRONG)
    entrance = enter(session, person, asker)
    session.commit()
    return entrance


def finish_sign_in(
    session: Session, waiting: str, code: str, *, asker: Asker, secret: str
) -> Entrance:
    """With the app's code, or one for when the app is lost. Raises Unauthenticated."""
    begin_write(session)
    link = access_links.find(session, waiting, Purpose.CODE)
    if link is None:
        raise Unauthenticated(STARTED_TOO_LONG_AGO)
    is_right = is_good_code(session, link.moderator_id, code, secret=secret)
    entrance = None
    if is_right and access_links.use(session, waiting, Purpose.CODE):
        entrance = Entrance(
            session=desk_sessions.begin(session, asker, moderator_id=link.moderator_id)
        )
    session.commit()
    if entrance is None:
        raise Unauthenticated(WRONG_CODE)
    return entrance


def is_good_code(session: Session, moderator_id: UUID, code: str, *, secret: str) -> bool:
    """Uses it up. A wrong one counts, so that the transaction is to be committed either way."""
    key = _key(secret, "code", str(moderator_id))
    noted = guesses.note(session, key, most=MOST_OF_PERSON)
    if noted is None:
        return False
    person = people.by_id(session, moderator_id)
    sealed = person.factor_sealed if person else None
    opened = unseal(secret, sealed, purpose=SECOND_FACTOR) if sealed else None
    last = person.factor_step if person else None
    step = step_of(opened, code, at=people.clock(session), last=last) if opened else None
    if step is not None:
        is_good = people.use_step(session, moderator_id, step)
    else:
        is_good = people.use_recovery_code(session, moderator_id, recovery_hash(code))
    if is_good:
        guesses.take_back(session, key, noted)
    return is_good


def reserve_own(session: Session, moderator_id: UUID, *, secret: str) -> None:
    """Whoever is signed in and gives their password again. Raises TooManyGuesses.

    Apart from the guesses of those who are not: they must not keep somebody from changing theirs.
    """
    begin_write(session)
    noted = guesses.note(session, _key(secret, "own", str(moderator_id)), most=MOST_OF_PERSON)
    session.commit()
    if noted is None:
        raise TooManyGuesses


def enter(session: Session, person: AnyRow, asker: Asker) -> Entrance:
    """As far as a password, or a link in place of it, lets this person in."""
    if person.factor_sealed is None:
        return Entrance(session=desk_sessions.begin(session, asker, moderator_id=person.id))
    waiting = secrets.token_urlsafe(32)
    access_links.add(session, waiting, Purpose.CODE, made_by=person.email, moderator_id=person.id)
    return Entrance(waiting=waiting)


def sign_out_everywhere(session: Session, person_id: UUID) -> int:
    """Also where somebody is on the way in: in this order, or they could slip in between."""
    access_links.revoke(session, Purpose.CODE, AccessLink.moderator_id == person_id)
    return desk_sessions.end(session, desk_sessions.of_person(person_id))


def forget_guesses(session: Session, email: str, *, secret: str) -> None:
    guesses.forget(session, [_key(secret, "person", email)])


def _reserve(session: Session, email: str, *, asker: Asker, secret: str) -> dict[str, float] | None:
    """Counts before the password is looked at: else many at once would all come through.

    None when there were too many for this person, which nobody is told apart from a wrong one.
    """
    begin_write(session)
    network, person = _key(secret, "network", asker.network), _key(secret, "person", email)
    of_network = guesses.note(session, network, most=MOST_OF_NETWORK)
    of_person = None
    if of_network is not None:  # a network that is refused cannot go on locking people out
        of_person = guesses.note(session, person, most=MOST_OF_PERSON)
    guesses.forget_old(session)
    session.commit()
    if of_network is None:
        raise TooManyGuesses
    return None if of_person is None else {network: of_network, person: of_person}


def _key(secret: str, kind: str, value: str) -> str:
    return keyed_hash(secret, f"guesses of a {kind}", value)
