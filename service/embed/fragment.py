"""The comments for server-side includes: they stand in the page before any script runs."""

import orjson
from flask import Response, render_template, request, url_for
from marshmallow import EXCLUDE

from service.api import access
from service.api.answers import etag_of, json_bytes, public_answer
from service.api.database import db
from service.api.reading import page_keys, paging, thread_page
from service.api.schemas import PageQuery


def fragment() -> Response:
    """An <afterword-comments> with its shadow root as HTML, and what the API says of the page."""
    query = PageQuery(unknown=EXCLUDE).load(request.args.to_dict())
    site = access.public_site(query["site"])
    content = json_bytes(thread_page(db.session(), site, **paging(query)))
    where = {"site": site.key, "page": query["page"]}
    html = render_template(
        "embed/fragment.html",
        thread=orjson.loads(content),
        sort=query["sort"].value,
        etag=f'"{etag_of(content)}"',
        style_url=url_for("embed.file", name="fragment.css", _external=True),
        thread_url=url_for("embed.thread", **where, _external=True),
    )
    keys = page_keys(site, query["page"])
    return public_answer(html.encode(), "text/html; charset=utf-8", depends_on=keys)
