"""Posting without script: a plain form, guarded in its own way and answered with a page."""

import hashlib
from typing import Any

from flask import Response, request, url_for
from marshmallow import EXCLUDE, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from service.actions.errors import Refused
from service.api import access, posting
from service.api.problem_types import PROBLEMS
from service.api.problems import REFUSALS, messages_of
from service.api.reader_schemas import ThreadQuery
from service.api.schemas import CommentIn
from service.embed import form_tokens
from service.embed.thread_page import TYPE, Form, framed, page_html
from service.store.sites import SiteRecord

MOST_BYTES = 320 * 1024  # the longest comment, each of its letters written as %F0%9F%98%80
SHOWN = ("body", "author.name", "author.email")  # fields beside which a message can stand
STALE = "The form had been open for too long. Your text is still here: please send it again."
FOREIGN = (
    "Your browser says that this form was not sent from here. Please open the comments in a window "
    "of their own and send it from there. Your text is still here."
)
TOO_OFTEN = "You sent several comments just now. Please wait a minute and send this one again."


def post_thread() -> Response:
    """Store a comment and lead back to the thread; or show the form again, with what was written.

    There is no cookie, so nobody can post in another's name. But a foreign page could have its
    readers post from their addresses what it likes, which the browser's own headers tell.
    """
    request.max_content_length = MOST_BYTES
    query = ThreadQuery(unknown=EXCLUDE).load(_given("site", "page", "sort"))
    site = access.public_site(query["site"])
    if not _is_from_here():
        return _again(site, query, 403, failure=FOREIGN)
    if not form_tokens.is_good(request.form.get("token", ""), site, query["page"]):
        return _again(site, query, 422, failure=STALE)
    try:
        new = CommentIn().load(_comment())
        posting.store(new, site=site, reader=None, idempotency_key=_key())
    except ValidationError as error:
        return _again(site, query, 422, messages=messages_of(error))
    except Refused as error:
        return _again(site, query, PROBLEMS[REFUSALS[type(error)]].status, failure=error.detail)
    back = {name: query[name] for name in ("site", "page")} | {"sort": query["sort"].value}
    address = url_for("embed.thread", **back, notice="received", _anchor="notice")
    response = Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})
    return framed(response, site)


def too_often(_: Exception) -> Response:
    """Whoever posts too often keeps the text, too."""
    query = ThreadQuery(unknown=EXCLUDE).load(_given("site", "page", "sort"))
    return _again(access.public_site(query["site"]), query, 429, failure=TOO_OFTEN)


def too_large(_: RequestEntityTooLarge) -> Response:
    """A form that long cannot be read to be shown again."""
    text = "This comment is too long. Please go back, shorten it and send it again."
    return Response(text, 413, content_type="text/plain; charset=utf-8")


def _given(*names: str) -> dict[str, str]:
    return {name: request.form[name] for name in names if request.form.get(name)}


def _is_from_here() -> bool:
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    # The scheme is not compared: behind a proxy that ends TLS we may not know our own.
    return (origin is None or origin.partition("://")[2] == request.host) and site in (
        None,
        "same-origin",
    )


def _comment() -> dict[str, Any]:
    """The form as the API's JSON."""
    author = {"name": request.form.get("name", "")}
    if email := request.form.get("email", "").strip():
        author["email"] = email
    return {
        **_given("site", "page", "parent"),
        "body": request.form.get("body", ""),
        "author": author,
        "form": {"website": request.form.get("website", "")[:2000]},
    }


def _key() -> str:
    """Sent twice, by a second click or by going back, it is one comment."""
    names = ("token", "parent", "name", "email", "body")
    parts = [access.peer_network(), *(request.form.get(name, "") for name in names)]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _again(
    site: SiteRecord,
    query: dict[str, Any],
    status: int,
    *,
    failure: str = "",
    messages: dict[str, list[str]] | None = None,
) -> Response:
    messages = messages or {}
    other = [text for name, texts in messages.items() if name not in SHOWN for text in texts]
    form = Form(
        name=request.form.get("name", ""),
        email=request.form.get("email", ""),
        body=request.form.get("body", ""),
        failure=" ".join([failure, *other]).strip() or "Please look at what is marked.",
        errors=messages,
    )
    reply = ThreadQuery(only=("reply",), unknown=EXCLUDE)
    parent = request.form.get("parent")
    if parent and not reply.validate({"reply": parent}):
        query = query | reply.load({"reply": parent})
    response = Response(page_html(site, query, form), status, content_type=TYPE)
    response.headers["Cache-Control"] = "no-store"
    return framed(response, site)
