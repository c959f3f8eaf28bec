"""The comments for server-side includes: they stand in the page before any script runs."""

from typing import Any

import orjson
from flask import Response, render_template, request, url_for
from marshmallow import EXCLUDE

from service.api import access
from service.api.answers import etag_of, json_bytes, public_answer
from service.api.database import db
from service.api.reader_schemas import FragmentQuery
from service.api.reading import page_keys, paging, thread_page
from service.api.schemas import PageQuery
from service.domain.policy import Identity, Mode
from service.embed.thread_page import language_of
from service.embed.words import words_of

DEEPEST = 4  # as in the widget: replies to what is this deep stand beside it
FIRST_PAGE = {"limit": PageQuery().fields["limit"].load_default}


def fragment() -> Response:
    """An <afterword-comments> with its shadow root as HTML, and what the API says of the page."""
    query = FragmentQuery(unknown=EXCLUDE).load(request.args.to_dict())
    site = access.public_site(query["site"])
    content = json_bytes(thread_page(db.session().connection(), site, **paging(query | FIRST_PAGE)))
    state = orjson.loads(content)
    where = {"site": site.key, "page": query["page"], **language_of(query)}
    note = _note(state)
    html = render_template(
        "embed/fragment.html",
        words=words_of(query["lang"]),
        lang=request.args.get("lang"),
        thread={**state, "comments": [_counted(comment) for comment in state["comments"]]},
        state=state,
        note=note,
        takes_comments=note in (None, "premoderated"),
        deepest=DEEPEST,
        sort=query["sort"].value,
        etag=etag_of(content),
        style_url=url_for("embed.file", name="fragment.css", _external=True),
        thread_url=url_for("embed.thread", **where, _external=True),
    )
    keys = page_keys(site, query["page"])
    return public_answer(html.encode(), "text/html; charset=utf-8", depends_on=keys)


def _note(thread: dict[str, Any]) -> str | None:
    """The message above the comments, for somebody who is not signed in."""
    if thread["mode"] == Mode.CLOSED:
        return "closed"
    if thread["identity"] == Identity.REQUIRED:
        return "signIn"
    return "premoderated" if thread["mode"] == Mode.PREMODERATED else None


def _counted(comment: dict[str, Any]) -> dict[str, Any]:
    """With the number of all that hangs below it."""
    replies = [_counted(reply) for reply in comment["replies"]]
    return {**comment, "replies": replies, "below": sum(1 + reply["below"] for reply in replies)}
