"""The comments of an article as a page that needs no script, with a form to post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import Response, render_template, request, url_for
from marshmallow import EXCLUDE

from service.api import access
from service.api.answers import json_bytes, public_answer
from service.api.database import db
from service.api.reader_schemas import ThreadQuery
from service.api.reading import page_keys, paging, thread_page
from service.domain.policy import Identity, Mode
from service.embed import form_tokens
from service.embed.words import ENGLISH, words_of
from service.store import pages as stored
from service.store.db import AnyRow
from service.store.pages import Sort
from service.store.sites import SiteRecord

TYPE = "text/html; charset=utf-8"
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors "
)
PAGE_LENGTH = ThreadQuery().fields["limit"].load_default


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the form, and what is wrong with it."""

    name: str = ""
    email: str = ""
    body: str = ""
    failure: str = ""
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by the API's names


def thread() -> Response:
    # Links to this page pass through other people's hands, which add parameters of their own.
    query = ThreadQuery(unknown=EXCLUDE).load(request.args.to_dict())
    site = access.public_site(query["site"])
    html = page_html(site, query, Form())
    return framed(public_answer(html, TYPE, depends_on=page_keys(site, query["page"])), site)


def framed(response: Response, site: SiteRecord) -> Response:
    """Shown in a frame on the site's own pages, and nowhere else."""
    ancestors = " ".join(sorted(site.origins)) or "'none'"
    response.headers["Content-Security-Policy"] = CSP + ancestors
    # Else browsers would hide from us, too, where the form was sent from.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def page_html(site: SiteRecord, query: dict[str, Any], form: Form) -> bytes:
    found = stored.thread(db.session().connection(), site.id, query["page"])
    # As a program would get it, times as text and all.
    shown = orjson.loads(json_bytes(thread_page(db.session().connection(), site, **paging(query))))
    html = render_template(
        "embed/thread.html",
        words=words_of(query["lang"]),
        thread={**shown, "title": found.title if found else None},
        sort=query["sort"],
        sorts=[(sort, _url(query, sort=sort.value, after=None)) for sort in Sort],
        next_url=_url(query, after=shown["next"]) if shown["next"] else None,
        reply_url=lambda comment: _url(query, reply=comment["id"]) + "#form",
        parent=_parent(query, site),
        all_url=_url(query) + "#form",
        form=form,
        form_url=url_for("embed.thread", **language_of(query)),
        token=form_tokens.token(site, query["page"]),
        is_open=shown["mode"] != Mode.CLOSED,
        is_for_signed=site.policy.identity is Identity.REQUIRED,
        notice=query.get("notice"),
    )
    return html.encode()


def _url(query: Mapping[str, Any], **changes: Any) -> str:
    """This page, with what the reader chose so far."""
    chosen = {"site": query["site"], "page": query["page"], "sort": query["sort"].value}
    chosen |= language_of(query)
    if "after" in query:
        chosen["after"] = query["after"]
    if query["limit"] != PAGE_LENGTH:
        chosen["limit"] = query["limit"]
    given = {name: value for name, value in (chosen | changes).items() if value is not None}
    return url_for("embed.thread", **given)


def language_of(query: Mapping[str, Any]) -> dict[str, Any]:
    """As a parameter of addresses, where it is another than the one that needs none."""
    return {} if query["lang"] == ENGLISH else {"lang": query["lang"]}


def _parent(query: Mapping[str, Any], site: SiteRecord) -> AnyRow | None:
    """The comment that the form answers; None when it is no longer shown here."""
    if "reply" not in query:
        return None
    row = stored.one(db.session().connection(), query["reply"])
    is_here = row is not None and (row.site_id, row.page) == (site.id, query["page"])
    return row if is_here else None
