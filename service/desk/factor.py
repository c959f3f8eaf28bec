"""Setting up the second factor, and what belongs to it."""

from flask import Response

from service.actions import accounts
from service.actions.errors import Forbidden, NotFound, TooManyGuesses
from service.api import access, desk_session
from service.api.database import db
from service.desk.access_forms import OneCodeForm, PasswordForm, filled
from service.desk.account import ACCOUNT, own_id
from service.desk.showing import back, show
from service.domain.second_factor import app_address, picture
from service.store import people

PAGE = ACCOUNT + "/second-factor"


def show_factor() -> Response:
    return _factor()


def begin_factor() -> Response:
    try:
        accounts.begin_factor(db.session(), own_id(), **filled(PasswordForm), secret=_secret())
    except (Forbidden, TooManyGuesses) as error:
        return _factor(status=422, failure=str(error))
    return back(PAGE)


def show_picture() -> Response:
    """A file of its own, since the page's policy allows no picture inside of it."""
    address = _address()
    if address is None:
        raise NotFound
    response = Response(picture(address), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def confirm_factor() -> Response:
    try:
        codes = accounts.confirm_factor(
            db.session(), own_id(), filled(OneCodeForm)["code"], secret=_secret()
        )
    except Forbidden as error:
        return _factor(status=422, failure=str(error))
    desk_session.forget()  # what it may do has changed with this
    access.identify_person()
    return show("desk/recovery_codes.html", codes=codes)


def renew_codes() -> Response:
    try:
        codes = accounts.renew_recovery_codes(
            db.session(), own_id(), **filled(PasswordForm), secret=_secret()
        )
    except (Forbidden, TooManyGuesses) as error:
        return _factor(status=422, failure=str(error))
    return show("desk/recovery_codes.html", codes=codes)


def remove_factor() -> Response:
    try:
        accounts.remove_factor(db.session(), own_id(), **filled(PasswordForm), secret=_secret())
    except (Forbidden, TooManyGuesses) as error:
        return _factor(status=422, failure=str(error))
    return back(ACCOUNT, notice="Your password alone lets you in from now on.")


def _factor(*, status: int = 200, failure: str = "") -> Response:
    person_id = own_id()
    pending = accounts.pending_factor(db.session(), person_id, secret=_secret())
    signed_in = desk_session.present()
    return show(
        "desk/second_factor.html",
        status=status,
        person=people.by_id(db.session(), person_id),
        pending=pending,
        address=_address(),
        is_demanded=signed_in is not None and signed_in.lacks_factor,
        recovery_codes=people.count_recovery_codes(db.session(), person_id),
        failure=failure,
    )


def _address() -> str | None:
    """What the app takes over; None when nothing is being set up."""
    pending = accounts.pending_factor(db.session(), own_id(), secret=_secret())
    return app_address(pending, access.holder().by) if pending else None


def _secret() -> str:
    return access.settings().secret
