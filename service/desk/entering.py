"""Signing in at the desk, and out."""

import re

from flask import Response, g, request

from service.actions import signing_in
from service.actions.errors import Unauthenticated
from service.api import access, desk_session
from service.api.database import db
from service.desk.showing import back, bare

# Pages of ours; what browsers would take for another website begins with two slashes or less plain.
LOCAL = re.compile(r"/desk/[\w/?=&%.+-]*")


def sign_in() -> Response:
    if desk_session.present() is not None:
        return back("/desk/")
    return door("/desk/")


def door(wanted: str, *, status: int = 200, failure: str = "") -> Response:
    """The form to sign in, which leads on to the page that was wanted.

    It stands in that page's place, so that script finds a token behind the address's #.
    """
    return bare("desk/sign_in.html", status=status, next=_next(wanted), failure=failure)


def sign_in_with_token() -> Response:
    wanted = _next(request.form.get("next"))
    try:
        secret = signing_in.with_token(
            db.session(),
            request.form.get("token", "").strip(),
            browser=request.headers.get("User-Agent", ""),
            network=access.peer_network(),
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


def _next(wanted: str | None) -> str:
    """Where to go once signed in: a page of the desk, never another website."""
    return wanted if wanted and LOCAL.fullmatch(wanted) and "//" not in wanted else "/desk/"
