"""The desk's session: a cookie that is a random id, and what proves that a page of ours sent it."""

import hmac
from uuid import UUID

from flask import Response, current_app, g, request

from service.actions import signing_in
from service.actions.errors import Forbidden, OriginNotAllowed
from service.api.database import db
from service.config import Settings
from service.domain.ids import subkey
from service.store import desk_sessions
from service.store.desk_sessions import LONGEST, SignedIn

# A browser takes the first only by https and for exactly our host. By http it would take neither
# that nor any Secure cookie, so that on the own machine there is the second.
SECURE_COOKIE, LOCAL_COOKIE = "__Host-afterword-desk", "afterword-desk"
CSRF_HEADER = "Afterword-CSRF"
CSRF_FIELD = "csrf"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def present() -> SignedIn | None:
    """Who is signed in in the browser that asks; looked up once a request."""
    if "signed_in" not in g:
        g.signed_in = _look_up()
    found: SignedIn | None = g.signed_in
    return found


def forget() -> None:
    """What the person may do has changed in this request."""
    g.pop("signed_in", None)


def _look_up() -> SignedIn | None:
    secret = request.cookies.get(SECURE_COOKIE) or request.cookies.get(LOCAL_COOKIE)
    found = desk_sessions.find(db.session(), secret) if secret else None
    if found is not None and not found.is_seen:
        db.session().rollback()  # reading ends before writing begins
        signing_in.seen(db.session(), found.session_id)
    return found


def csrf_token(session_id: UUID) -> str:
    settings: Settings = current_app.extensions["afterword.settings"]
    return hmac.digest(subkey(settings.secret, "csrf"), session_id.bytes, "sha256").hex()


def ensure_sent_by_us(signed_in: SignedIn) -> None:
    """Raises OriginNotAllowed or Forbidden unless a page of this very session sent it."""
    ensure_from_here()
    given = request.headers.get(CSRF_HEADER)
    if given is None and request.mimetype == "application/x-www-form-urlencoded":
        given = request.form.get(CSRF_FIELD)
    expected = csrf_token(signed_in.session_id)
    if not hmac.compare_digest((given or "").encode("utf-8", "replace"), expected.encode()):
        raise Forbidden("This page was open for too long. Please load it anew and try again.")


def ensure_from_here() -> None:
    """What browsers say of where it was sent from; all of today's say it of whatever changes."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    # The scheme is not compared: behind a proxy that ends TLS we may not know our own.
    is_ours = origin is not None and origin.partition("://")[2] == request.host
    if not is_ours or site not in (None, "same-origin"):
        raise OriginNotAllowed("This was not sent by a page of the desk.")


def is_secure() -> bool:
    """By https, as far as we are told: by our proxy, or by the browser."""
    return request.is_secure or request.headers.get("Origin", "").startswith("https://")


def keep(response: Response, secret: str) -> Response:
    response.set_cookie(
        SECURE_COOKIE if is_secure() else LOCAL_COOKIE,
        secret,
        max_age=LONGEST,
        secure=is_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def drop(response: Response) -> Response:
    for name, secure in ((SECURE_COOKIE, True), (LOCAL_COOKIE, False)):
        response.delete_cookie(name, secure=secure, httponly=True, samesite="Lax", path="/")
    return response
