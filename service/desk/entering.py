"""Signing in at the desk, and out."""

from flask import Response, g, request

from service.actions import passwords, signing_in
from service.actions.errors import TooManyGuesses, Unauthenticated
from service.actions.passwords import Entrance
from service.api import access, desk_session
from service.api.database import db
from service.desk.access_forms import CodeForm, SignInForm, filled
from service.desk.showing import back, bare
from service.domain.own_addresses import own_path
from service.store.desk_sessions import Asker

DESK = "/desk/"
REFUSED = {TooManyGuesses: 429, Unauthenticated: 401}


def sign_in() -> Response:
    wanted = _page(request.args.get("next"))
    if desk_session.present() is not None:
        return back(wanted)
    return door(wanted)


def door(wanted: str, *, status: int = 200, failure: str = "", email: str = "") -> Response:
    """The form to sign in, which leads on to the page that was wanted.

    It stands in that page's place, so that script finds a token behind the address's #.
    """
    return bare(
        "desk/sign_in.html", status=status, next=_page(wanted), failure=failure, email=email
    )


def sign_in_with_password() -> Response:
    given = filled(SignInForm)
    wanted = _page(given["next"])
    try:
        entrance = passwords.sign_in(
            db.session(), given["email"], given["password"], asker=asker(),
            secret=access.settings().secret,
        )  # fmt: skip
    except (TooManyGuesses, Unauthenticated) as error:
        status = REFUSED[type(error)]
        return door(wanted, status=status, failure=error.detail, email=given["email"])
    return let_in(entrance, wanted)


def sign_in_with_code() -> Response:
    given = filled(CodeForm)
    wanted, waiting = _page(given["next"]), given["waiting"]
    try:
        entrance = passwords.finish_sign_in(
            db.session(), waiting, given["code"], asker=asker(), secret=access.settings().secret
        )
    except Unauthenticated as error:
        if error.detail == passwords.STARTED_TOO_LONG_AGO:
            return door(wanted, status=401, failure=error.detail)
        return bare("desk/code.html", status=401, waiting=waiting, next=wanted,
                    failure=error.detail)  # fmt: skip
    return let_in(entrance, wanted)


def sign_in_with_token() -> Response:
    wanted = _page(request.form.get("next"))
    try:
        secret = signing_in.with_token(
            db.session(),
            request.form.get("token", "").strip(),
            asker(),
        )
    except Unauthenticated as error:
        return door(wanted, status=401, failure=error.detail)
    return desk_session.keep(back(wanted), secret)


def sign_out() -> Response:
    signed_in = desk_session.present()
    if signed_in is not None:
        desk_session.ensure_sent_by_us(signed_in)
        db.session().rollback()  # reading ends before writing begins
        signing_in.out(db.session(), signed_in.session_id)
        g.signed_in = None
    return desk_session.drop(back("/desk/sign-in"))


def asker() -> Asker:
    present = desk_session.present()
    return Asker(
        browser=request.headers.get("User-Agent", ""),
        network=access.peer_network(),
        replaces=present.session_id if present else None,
    )


def let_in(entrance: Entrance, wanted: str = DESK, *, notice: str = "") -> Response:
    """On to the desk, or to the second factor."""
    if entrance.session is not None:
        return desk_session.keep(back(wanted, notice=notice), entrance.session)
    return bare("desk/code.html", waiting=entrance.waiting, next=wanted)


def _page(wanted: str | None) -> str:
    """Where to go once signed in: a page of the desk, never another website."""
    path = own_path(wanted)
    return path if path is not None and path.startswith(DESK) else DESK
