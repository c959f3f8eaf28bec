"""How pages of the desk are answered: with their headers, their navigation and one notice."""

from typing import Any

from flask import Response, current_app, render_template, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from markupsafe import Markup

from service.api import access, desk_session
from service.api.database import db
from service.config import Settings
from service.domain.ids import subkey
from service.domain.roles import ADMIN, READ, Permission
from service.store import raids, sites

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    # No script makes HTML of text: it takes over documents that the browser made of our answers.
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
ISOLATED = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# What stands in the head of each page, for those who may go there.
NAVIGATION: tuple[tuple[str, str, Permission], ...] = (
    ("Queue", "/desk/", READ),
    ("Authors", "/desk/authors", READ),
    ("Threads", "/desk/threads", READ),
    ("Rules", "/desk/rules", READ),
    ("Figures", "/desk/figures", READ),
    ("Audit", "/desk/audit", READ),
    ("People", "/desk/people", ADMIN),
    ("Tokens", "/desk/tokens", ADMIN),
)
NOTICE = "afterword-notice"
NOTICE_SECONDS = 60


def show(template: str, *, status: int = 200, **context: Any) -> Response:
    """A page for whoever is signed in."""
    holder = access.holder()
    signed_in = desk_session.present()
    token = desk_session.csrf_token(signed_in.session_id) if signed_in else ""
    response = bare(
        template,
        status=status,
        holder=holder,
        sites=sites.known(db.session(), holder.sites(READ)),
        navigation=[
            (label, address)
            for label, address, permission in NAVIGATION
            if holder.may_anywhere(permission)
        ],
        here=request.path,
        csrf_token=token,
        csrf=_hidden(desk_session.CSRF_FIELD, token),
        notice=_notice(),
        raids=raids.on(db.session(), holder.sites(READ)),
        **context,
    )
    if NOTICE in request.cookies:
        response.delete_cookie(NOTICE, path="/desk")
    return response


def fragment(template: str, **context: Any) -> Response:
    """A part of a page, for the script of that page."""
    signed_in = desk_session.present()
    token = desk_session.csrf_token(signed_in.session_id) if signed_in else ""
    return bare(template, csrf=_hidden(desk_session.CSRF_FIELD, token), **context)


def bare(template: str, *, status: int = 200, **context: Any) -> Response:
    """A page for anyone: it knows nothing of who is signed in."""
    html = render_template(template, **context)
    response = Response(html, status, content_type="text/html; charset=utf-8")
    response.headers.update(ISOLATED)
    # With no-referrer, browsers would not say where a form was sent from either.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def back(address: str, *, notice: str = "") -> Response:
    """After something was done: lead to a page, which tells once what it was."""
    headers = {**ISOLATED, "Location": address, "Cache-Control": "no-store"}
    response = Response(status=303, headers=headers)
    if notice:
        response.set_cookie(
            NOTICE, _signer().dumps(notice), max_age=NOTICE_SECONDS, path="/desk",
            secure=desk_session.is_secure(), httponly=True, samesite="Lax",
        )  # fmt: skip
    return response


def _notice() -> str:
    try:
        text: str = _signer().loads(request.cookies.get(NOTICE, ""), max_age=NOTICE_SECONDS)
    except BadSignature:
        return ""
    return text


def _signer() -> URLSafeTimedSerializer:
    settings: Settings = current_app.extensions["afterword.settings"]
    return URLSafeTimedSerializer(subkey(settings.secret, "desk notice"), salt="notice")


def _hidden(name: str, value: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
