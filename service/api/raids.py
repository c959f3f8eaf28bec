"""The raid switch, for programs."""

from typing import Any
from uuid import UUID

from flask import Response

from service.actions import raids as actions
from service.actions.errors import Forbidden, NotFound
from service.api import access
from service.api.answers import answer
from service.api.database import db
from service.domain.roles import DECIDE, READ
from service.store import pages, raids
from service.store.db import AnyRow


def list_raids() -> Response:
    """Where one is on, the newest first."""
    rows = raids.on(db.session(), access.holder().sites(READ))
    return answer({"raids": [_shown(row) for row in rows]})


def post_raid(body: dict[str, Any]) -> Response:
    """Until it is switched off, a moderator reads every comment there first."""
    site = access.moderated_site(body["site"], DECIDE)
    thread_id = None
    if "page" in body:
        thread = pages.thread(db.session().connection(), site.id, body["page"])
        if thread is None:
            raise NotFound("Nobody has written on this page yet. Set its mode to premoderated.")
        thread_id = thread.id
    by = access.holder().by
    actions.switch_on(db.session(), access.bell(), site.id, thread_id=thread_id, by=by)
    place = thread_id or site.id
    [row] = [one for one in raids.on(db.session(), [site.id]) if one.Raid.place_id == place]
    return answer(_shown(row), 201)


def delete_raid(id: UUID) -> Response:
    holder, site_id = access.holder(), raids.site_of(db.session(), id)
    if site_id is None or not holder.may(READ, site_id):
        raise NotFound
    if not holder.may(DECIDE, site_id):
        raise Forbidden("Your role at this site does not allow that.")
    actions.switch_off(db.session(), access.bell(), id, by=holder.by)
    return answer(None, 204)


def _shown(row: AnyRow) -> dict[str, Any]:
    raid = row.Raid
    return {
        "id": raid.id,
        "site": row.site,
        "page": row.page,
        "reason": raid.reason(),
        "minutes": raid.minutes,
        "comments": raid.comments,
        "newcomers": raid.newcomers,
        "by": raid.by,
        "started_at": raid.started_at,
        "seen_at": raid.seen_at,
    }
