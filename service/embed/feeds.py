"""The newest comments as Atom (RFC 4287): of one page, or of a whole site."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from flask import Response, render_template, request, url_for
from marshmallow import EXCLUDE

from service.api import access
from service.api.answers import public_answer
from service.api.database import db
from service.api.reader_schemas import FeedQuery
from service.api.reading import page_keys
from service.domain.cache_keys import feed_key, site_key
from service.store import feeds
from service.store import pages as stored
from service.store.db import AnyRow
from service.store.sites import SiteRecord

TYPE = "application/atom+xml; charset=utf-8"
# XML knows no escape for these; a comment may have them.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed() -> Response:
    query = FeedQuery(unknown=EXCLUDE).load(request.args.to_dict())
    site = access.public_site(query["site"])
    page = query.get("page")
    if page is None:
        shown, keys = _of_site(site), {site_key(site.id), feed_key(site.id)}
    else:
        shown, keys = _of_page(site, page), page_keys(site, page)
    xml = NOT_IN_XML.sub("\ufffd", render_template("embed/feed.xml", feed=shown))
    return public_answer(xml.encode(), TYPE, depends_on=keys)


def _of_page(site: SiteRecord, page: str) -> dict[str, Any]:
    thread = stored.thread(db.session(), site.id, page)
    rows = feeds.of_thread(db.session(), thread.id) if thread else []
    title = (thread.title if thread else None) or page
    return {
        # The same before anybody wrote, when there is no thread yet.
        "id": uuid5(site.id, page),
        "title": f"Comments on {title}",
        "self": url_for("embed.feed", site=site.key, page=page, _external=True),
        "alternate": _address(site, page, thread.url if thread else None),
        **_entries(site, rows),
    }


def _of_site(site: SiteRecord) -> dict[str, Any]:
    return {
        "id": site.id,
        "title": f"Comments on {site.name}",
        "self": url_for("embed.feed", site=site.key, _external=True),
        "alternate": next(iter(sorted(site.origins)), None),
        **_entries(site, feeds.of_site(db.session(), site.id)),
    }


def _entries(site: SiteRecord, rows: Sequence[AnyRow]) -> dict[str, Any]:
    entries = [_entry(site, row) for row in rows]
    newest = max((row.updated_at for row in rows), default=_made_at(site.id))
    return {"entries": entries, "updated": _time(newest)}


def _entry(site: SiteRecord, row: AnyRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "parent": row.parent_id,
        "title": f"{row.author_name} on {row.title or row.page}",
        "author": row.author_name,
        "published": _time(row.created_at),
        "updated": _time(row.updated_at),
        "link": f"{_address(site, row.page, row.url)}#comment-{row.id}",
        "html": row.body_html,
    }


def _address(site: SiteRecord, page: str, url: str | None) -> str:
    """Where the comments are read: the article, if its address is known."""
    if url is None and page.startswith(("https://", "http://")):
        url = page
    return url or url_for("embed.thread", site=site.key, page=page, _external=True)


def _time(time: datetime) -> str:
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")


def _made_at(id: UUID) -> datetime:
    """The time that stands in a UUIDv7."""
    return datetime.fromtimestamp((id.int >> 80) / 1000, UTC)
