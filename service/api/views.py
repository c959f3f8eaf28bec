"""Saved views of the queue: listed, saved, changed and removed."""

from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import Response

from service.actions import saving_views
from service.actions.errors import NotFound
from service.api import access
from service.api.answers import answer
from service.api.database import db
from service.api.queue_queries import Ordered
from service.domain.roles import DECIDE, READ
from service.store import saved_views, sites
from service.store.saved_views import SavedView


def list_views() -> Response:
    """Your own, and those that moderators share at your sites."""
    holder = access.holder()
    known = saved_views.known(db.session(), holder.by, holder.sites(READ))
    return answer({"views": [_shown(view) for view in known]})


def post_view(body: dict[str, Any]) -> Response:
    """With `site`, all who moderate there have it."""
    site = body.get("site")
    view_id = saving_views.save(
        db.session(),
        by=access.holder().by,
        name=body["name"],
        query=_query(body["filter"]),
        site_id=None if site is None else access.moderated_site(site, DECIDE).id,
    )
    return answer(_one(view_id), 201)


def put_view(id: UUID, body: dict[str, Any]) -> Response:
    """Your own, or one that is shared at a site where you may decide."""
    holder = access.holder()
    saving_views.change(
        db.session(),
        id,
        name=body["name"],
        query=_query(body["filter"]),
        by=holder.by,
        sites=holder.sites(DECIDE),
    )
    return answer(_one(id))


def delete_view(id: UUID) -> Response:
    """The same."""
    holder = access.holder()
    saving_views.remove(db.session(), id, by=holder.by, sites=holder.sites(DECIDE))
    return answer(None, 204)


def _query(asked: dict[str, Any]) -> str:
    """As it stands in an address, without the place on its pages."""
    plain: dict[str, Any] = Ordered(exclude=["after"]).dump(asked)
    words = {True: "true", False: "false"}
    return urlencode({name: words.get(value, value) for name, value in plain.items()})


def _one(view_id: UUID) -> dict[str, Any]:
    view = db.session().get(SavedView, view_id, populate_existing=True)
    if view is None:
        raise NotFound
    return _shown(view)


def _shown(view: SavedView) -> dict[str, Any]:
    site = None if view.site_id is None else sites.find_by_id(db.session(), view.site_id).key
    return {
        "id": view.id,
        "name": view.name,
        "filter": dict(parse_qsl(view.query)),
        "site": site,
        "by": view.by,
        "created_at": view.created_at,
    }
