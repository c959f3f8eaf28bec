"""What article pages embed: the widget, the page that needs no script, and a demo article."""

from pathlib import Path

import orjson
from flask import Blueprint, Response, render_template, request, url_for
from marshmallow import EXCLUDE

from service.actions.errors import NotFound
from service.api import access, schemas
from service.api.answers import json_bytes, public_answer
from service.api.database import db
from service.api.reading import page_keys, paging, thread_page
from service.config import DEMO_PAGE, DEMO_SITE
from service.store import pages as stored

FILES = {path.name: path.read_bytes() for path in (Path(__file__).parent / "static").iterdir()}
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'"
)

pages = Blueprint("embed", __name__, template_folder="templates")


@pages.get("/embed/comments.js")
def widget() -> Response:
    return file("comments.js")


@pages.get("/embed/static/<name>")
def file(name: str) -> Response:
    if name not in FILES:
        raise NotFound
    return public_answer(FILES[name], TYPES[Path(name).suffix], depends_on=())


@pages.get("/embed/thread")
def thread() -> Response:
    # Links to this page pass through other people's hands, which add parameters of their own.
    query = schemas.PageQuery(unknown=EXCLUDE).load(request.args.to_dict())
    site = access.public_site(query["site"])
    with db.engine.connect() as connection:
        found = stored.thread(connection, site.id, query["page"])
        page = thread_page(connection, site, **paging(query))
    shown = orjson.loads(json_bytes(page))  # as a program would get it, times as text and all
    shown["title"] = found.title if found else None
    following = {**query, "sort": query["sort"].value, "after": shown["next"]}
    next_url = url_for("embed.thread", **following) if shown["next"] else None
    html = render_template("embed/thread.html", thread=shown, next_url=next_url)
    keys = page_keys(site, query["page"])
    response = public_answer(html.encode(), "text/html; charset=utf-8", depends_on=keys)
    # Shown in a frame on the site's own pages, and nowhere else.
    ancestors = " ".join(sorted(site.origins)) or "'none'"
    response.headers["Content-Security-Policy"] = f"{CSP}; frame-ancestors {ancestors}"
    return response


@pages.get(DEMO_PAGE)
def demo() -> Response:
    if not access.settings().demo:
        raise NotFound
    html = render_template(
        "demo/article.html", site=DEMO_SITE, page=DEMO_PAGE, script_url=url_for("embed.widget")
    )
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = f"{CSP}; frame-ancestors 'none'"
    return response
