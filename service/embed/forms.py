"""Posting without script: a plain form, guarded in its own way and answered with a page."""

import hashlib
from typing import Any

from flask import Response, request, url_for
from markupsafe import Markup
from marshmallow import EXCLUDE, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from service.actions.errors import Refused, ThreadIsSlow
from service.api import access, posting
from service.api.problem_types import PROBLEMS
from service.api.problems import REFUSALS, code_of, messages_of
from service.api.reader_schemas import ThreadQuery
from service.api.schemas import CommentIn
from service.embed import form_tokens
from service.embed.thread_page import TYPE, Form, framed, language_of, page_html
from service.embed.words import ENGLISH, words_of
from service.store.sites import SiteRecord

MOST_BYTES = 320 * 1024  # the longest comment, each of its letters written as %F0%9F%98%80
SHOWN = ("body", "author.name", "author.email")  # fields beside which a message can stand


def post_thread() -> Response:
    """Store a comment and lead back to the thread; or show the form again, with what was written.

    There is no cookie, so nobody can post in another's name. But a foreign page could have its
    readers post from their addresses what it likes, which the browser's own headers tell.
    """
    request.max_content_length = MOST_BYTES
    query = _query()
    site = access.public_site(query["site"])
    if not _is_from_here():
        return _again(site, query, 403, *_kept(query, "foreign"))
    if not form_tokens.is_good(request.form.get("token", ""), site, query["page"]):
        return _again(site, query, 422, *_kept(query, "stale"))
    try:
        new = CommentIn().load(_comment())
        posting.store(new, site=site, reader=None, idempotency_key=_key())
    except ValidationError as error:
        return _again(site, query, 422, messages=messages_of(error))
    except Refused as error:
        return _again(site, query, PROBLEMS[REFUSALS[type(error)]].status, _said(error, query))
    back = {"site": query["site"], "page": query["page"], "sort": query["sort"].value}
    back |= language_of(query)
    address = url_for("embed.thread", **back, notice="received", _anchor="notice")
    response = Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})
    return framed(response, site)


def too_often(_: Exception) -> Response:
    """Whoever posts too often keeps the text, too."""
    query = _query()
    failures = words_of(query["lang"]).say("wait", n=60), *_kept(query)
    return _again(access.public_site(query["site"]), query, 429, *failures)


def too_large(_: RequestEntityTooLarge) -> Response:
    """A form that long cannot be read to be shown again."""
    text = words_of(request.args.get("lang", ENGLISH)).say("tooLarge")
    return Response(text.unescape(), 413, content_type="text/plain; charset=utf-8")


def _query() -> dict[str, Any]:
    given = _given("site", "page", "sort") | {
        name: value for name, value in request.args.items() if name == "lang"
    }
    query: dict[str, Any] = ThreadQuery(unknown=EXCLUDE).load(given)
    return query


def _said(error: Refused, query: dict[str, Any]) -> str:
    words = words_of(query["lang"])
    if isinstance(error, ThreadIsSlow):
        return words.say("wait", n=error.seconds)
    return words.refusal(error.detail, error.code or REFUSALS[type(error)])


def _kept(query: dict[str, Any], *failures: str) -> tuple[str, ...]:
    words = words_of(query["lang"])
    return (*map(words.say, failures), words.say("kept"))


def _given(*names: str) -> dict[str, str]:
    return {name: request.form[name] for name in names if request.form.get(name)}


def _is_from_here() -> bool:
    """What the browser says; older ones say less, and a program that says nothing has no reader."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site == "same-origin"
    # The scheme is not compared: behind a proxy that ends TLS we may not know our own.
    return origin is None or origin.partition("://")[2] == request.host


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
    *failures: str,
    messages: dict[str, list[str]] | None = None,
) -> Response:
    words = words_of(query["lang"])
    told = {
        name: [words.refusal(text, code_of(name, text)) for text in texts]
        for name, texts in (messages or {}).items()
    }
    other = [text for name, texts in told.items() if name not in SHOWN for text in texts]
    form = Form(
        name=request.form.get("name", ""),
        email=request.form.get("email", ""),
        body=request.form.get("body", ""),
        failure=Markup(" ").join([*failures, *other]) or words.say("marked"),
        errors=told,
    )
    reply = ThreadQuery(only=("reply",), unknown=EXCLUDE)
    parent = request.form.get("parent")
    if parent and not reply.validate({"reply": parent}):
        query = query | reply.load({"reply": parent})
    response = Response(page_html(site, query, form), status, content_type=TYPE)
    response.headers["Cache-Control"] = "no-store"
    return framed(response, site)
