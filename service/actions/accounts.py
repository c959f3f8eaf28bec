"""What people do with their own account: password, second factor, sessions."""

from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import Forbidden, NotFound
from service.actions.passwords import Entrance, reserve_own, sign_out_everywhere
from service.domain.passwords import hash_password, is_password, new_password
from service.domain.sealing import SECOND_FACTOR, seal, unseal
from service.domain.second_factor import new_recovery_codes, new_secret, recovery_hash, step_of
from service.store import audit, desk_sessions, people
from service.store.access_tables import DeskSession
from service.store.audit import Entry, Kind
from service.store.db import AnyRow, begin_write
from service.store.desk_sessions import Asker

WRONG_PASSWORD = "This is not your present password."  # noqa: S105
WRONG_CODE = "This code is not the app's present one. Please take the next one it shows."
CHANGED_MEANWHILE = "Your account was changed meanwhile. Please load the page anew and try again."


def change_password(
    session: Session, person_id: UUID, *, present: str, new: str, asker: Asker, secret: str
) -> Entrance:
    """Ends all of the person's sessions; this browser gets a new one. Raises Unacceptable."""
    person = _with_password(session, person_id, present, secret=secret)
    hashed = hash_password(new_password(new, about=person.email))
    begin_write(session)
    if not people.change_password(session, person, hashed):
        raise Forbidden(CHANGED_MEANWHILE)
    sign_out_everywhere(session, person_id)
    opened = desk_sessions.begin(session, asker, moderator_id=person_id)
    session.commit()
    return Entrance(session=opened)


def begin_factor(session: Session, person_id: UUID, *, password: str, secret: str) -> None:
    """Make a secret for an app. Nothing is asked for until a code of it was shown."""
    _with_password(session, person_id, password, secret=secret)
    begin_write(session)
    sealed = seal(secret, new_secret(), purpose=SECOND_FACTOR)
    people.set_pending_factor(session, person_id, sealed)
    session.commit()


def pending_factor(session: Session, person_id: UUID, *, secret: str) -> str | None:
    """The secret that the app is to take over."""
    person = _person(session, person_id)
    sealed = person.factor_pending
    return unseal(secret, sealed, purpose=SECOND_FACTOR) if sealed else None


def confirm_factor(session: Session, person_id: UUID, code: str, *, secret: str) -> list[str]:
    """From now on codes are asked for; answers those for when the app is lost, this once."""
    begin_write(session)
    person = _person(session, person_id)
    pending = pending_factor(session, person_id, secret=secret)
    at = people.clock(session)
    step = step_of(pending, code, at=at, last=None) if pending else None
    if step is None:
        raise Forbidden(WRONG_CODE)
    if not people.confirm_factor(session, person, step=step):
        raise Forbidden(CHANGED_MEANWHILE)
    codes = _renewed_codes(session, person_id)
    session.commit()
    return codes


def renew_recovery_codes(
    session: Session, person_id: UUID, *, password: str, secret: str
) -> list[str]:
    """New ones in place of all before; shown this once."""
    person = _with_password(session, person_id, password, secret=secret)
    if person.factor_sealed is None:
        raise NotFound
    begin_write(session)
    codes = _renewed_codes(session, person_id)
    audit.note(
        session,
        Entry(
            kind=Kind.PERSON, action="recovery codes renewed", by=person.email, subject=person_id
        ),
    )
    session.commit()
    return codes


def remove_factor(session: Session, person_id: UUID, *, password: str, secret: str) -> None:
    person = _with_password(session, person_id, password, secret=secret)
    begin_write(session)
    people.remove_factor(session, person_id, by=person.email)
    session.commit()


def end_session(session: Session, person_id: UUID, session_id: UUID) -> int:
    begin_write(session)
    person = _person(session, person_id)
    is_it = desk_sessions.of_person(person_id) & (DeskSession.id == session_id)
    ended = desk_sessions.end(session, is_it)
    _note_ended(session, person, ended)
    session.commit()
    return ended


def end_other_sessions(session: Session, person_id: UUID, session_id: UUID) -> int:
    begin_write(session)
    person = _person(session, person_id)
    are_others = desk_sessions.of_person(person_id) & (DeskSession.id != session_id)
    ended = desk_sessions.end(session, are_others)
    _note_ended(session, person, ended)
    session.commit()
    return ended


def _with_password(session: Session, person_id: UUID, password: str, *, secret: str) -> AnyRow:
    """The person, who gave their password again. Raises Forbidden."""
    reserve_own(session, person_id, secret=secret)
    person = _person(session, person_id)
    session.rollback()  # hashing takes a while, and no transaction stays open for it
    if not is_password(person.password_hash, password):
        raise Forbidden(WRONG_PASSWORD)
    return person


def _person(session: Session, person_id: UUID) -> AnyRow:
    person = people.by_id(session, person_id)
    if person is None:
        raise NotFound
    return person


def _renewed_codes(session: Session, person_id: UUID) -> list[str]:
    codes = new_recovery_codes()
    people.replace_recovery_codes(session, person_id, [recovery_hash(code) for code in codes])
    return codes


def _note_ended(session: Session, person: AnyRow, ended: int) -> None:
    if ended:
        audit.note(session, Entry(kind=Kind.SESSION, action="ended", by=person.email,
                                  subject=person.id, details={"sessions": ended}))  # fmt: skip
