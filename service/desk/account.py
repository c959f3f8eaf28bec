"""The page of one's own account: password, second factor, sessions."""

from uuid import UUID

from flask import Response

from service.actions import accounts
from service.actions.errors import Forbidden, NotFound, TooManyGuesses
from service.api import access, desk_session
from service.api.database import db
from service.desk.access_forms import PasswordChangeForm, SessionForm, filled
from service.desk.entering import asker, let_in
from service.desk.showing import back, show
from service.domain.browsers import family_of
from service.domain.wording import Unacceptable
from service.store import desk_sessions, people

ACCOUNT = "/desk/account"
NO_ACCOUNT = (
    "You are signed in by a token, which has no account. To sign in with a password, have yourself "
    "invited on the page People."
)


def show_account() -> Response:
    return _account()


def change_password() -> Response:
    given = filled(PasswordChangeForm)
    try:
        entrance = accounts.change_password(
            db.session(), own_id(), **given, asker=asker(), secret=access.settings().secret
        )
    except (Unacceptable, Forbidden, TooManyGuesses) as error:
        return _account(status=422, failure=str(error))
    return let_in(entrance, ACCOUNT, notice="Your password is changed, and every other browser "
                  "is signed out.")  # fmt: skip


def end_session() -> Response:
    accounts.end_session(db.session(), own_id(), filled(SessionForm)["session"])
    return back(ACCOUNT, notice="That browser is signed out.")


def end_other_sessions() -> Response:
    signed_in = desk_session.present()
    if signed_in is not None:
        accounts.end_other_sessions(db.session(), own_id(), signed_in.session_id)
    return back(ACCOUNT, notice="Every other browser is signed out.")


def own_id() -> UUID:
    """Raises NotFound for whoever is signed in by a token."""
    signed_in = desk_session.present()
    if signed_in is None or signed_in.person_id is None:
        raise NotFound(NO_ACCOUNT)
    return signed_in.person_id


def _account(*, status: int = 200, failure: str = "") -> Response:
    signed_in = desk_session.present()
    if signed_in is None or signed_in.person_id is None:
        return show("desk/account.html", status=status, person=None, why=NO_ACCOUNT)
    session, person_id = db.session(), signed_in.person_id
    found = desk_sessions.listed(session, desk_sessions.of_person(person_id))
    return show(
        "desk/account.html",
        status=status,
        person=people.by_id(session, person_id),
        recovery_codes=people.count_recovery_codes(session, person_id),
        sessions=[(one, family_of(one.browser)) for one in found],
        present=signed_in.session_id,
        failure=failure,
    )
