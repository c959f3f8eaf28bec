"""Invitations and resets: looking at a link changes nothing, since mail scanners do that too."""

from flask import Response

from service.actions import inviting
from service.actions.errors import AlreadyExists, NotFound
from service.api import access, desk_session
from service.api.database import db
from service.desk.access_forms import NewPasswordForm, filled
from service.desk.entering import asker, let_in
from service.desk.showing import back, bare, show
from service.domain.wording import Unacceptable
from service.store import access_links, people
from service.store.db import AnyRow
from service.store.people_tables import Purpose


def show_invitation(secret: str) -> Response:
    return _invitation(secret)


def accept_invitation(secret: str) -> Response:
    """With a new password; or, by whoever is signed in, just so."""
    signed_in = desk_session.present()
    if signed_in is not None and signed_in.person_id is not None:
        access.identify_person()
        inviting.accept(db.session(), secret, person_id=signed_in.person_id)
        return back("/desk/", notice="Welcome. You have the role that you were invited to.")
    try:
        entrance = inviting.accept_with_password(
            db.session(), secret, filled(NewPasswordForm)["new"], asker=asker()
        )
    except (Unacceptable, AlreadyExists) as error:
        return _invitation(secret, status=422, failure=str(error))
    return let_in(entrance, notice="Welcome. From now on you sign in with your password.")


def show_reset(secret: str) -> Response:
    return _reset(secret)


def reset_password(secret: str) -> Response:
    try:
        entrance = inviting.reset_password(
            db.session(), secret, filled(NewPasswordForm)["new"], asker=asker(),
            secret=access.settings().secret,
        )  # fmt: skip
    except Unacceptable as error:
        return _reset(secret, status=422, failure=str(error))
    return let_in(entrance, notice="You have a new password. Every other browser is signed out.")


def _invitation(secret: str, *, status: int = 200, failure: str = "") -> Response:
    link = _good(secret, Purpose.INVITATION)
    signed_in = desk_session.present()
    context = {"link": link, "secret": secret, "failure": failure}
    if signed_in is not None and signed_in.person_id is not None:
        access.identify_person()
        return show("desk/invitation_signed_in.html", status=status, **context)
    person = people.by_email(db.session(), link.email)
    has_account = person is not None and person.password_hash is not None
    return bare("desk/invitation.html", status=status, has_account=has_account, **context)


def _reset(secret: str, *, status: int = 200, failure: str = "") -> Response:
    link = _good(secret, Purpose.RESET)
    return bare("desk/reset.html", status=status, link=link, secret=secret, failure=failure)


def _good(secret: str, purpose: Purpose) -> AnyRow:
    link = access_links.find(db.session(), secret, purpose)
    if link is None:
        raise NotFound(inviting.GONE)
    return link
