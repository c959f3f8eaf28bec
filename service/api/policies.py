"""A site's policy and the modes of its threads, for moderators."""

from typing import Any

from flask import Response

from service.actions import sites as actions
from service.actions import threads
from service.api import access
from service.api.answers import answer
from service.api.database import db
from service.domain.policy import Policy
from service.domain.roles import DECIDE, POLICY, READ
from service.store import sites


def get_policy(site: str) -> Response:
    record = access.moderated_site(site, READ)
    return answer(_shown(site, sites.stored_policy(db.session(), record.id, record.policy_version)))


def put_policy(site: str, body: dict[str, Any]) -> Response:
    record = access.moderated_site(site, POLICY)
    settings = Policy.from_json(body["settings"]).as_json()
    version = actions.set_policy(
        db.session(),
        access.bell(),
        site,
        seen=body.get("version"),
        settings=settings,
        by=access.holder().by,
    )
    return answer(_shown(site, sites.stored_policy(db.session(), record.id, version)))


def put_thread_mode(body: dict[str, Any]) -> Response:
    site = access.moderated_site(body["site"], DECIDE)
    threads.set_up(
        db.session(),
        access.bell(),
        site.key,
        page=body["page"],
        settings={name: body[name] for name in ("mode", "slow_seconds", "note") if name in body},
        by=access.holder().by,
    )
    return answer(body)


def _shown(site: str, stored: Any) -> dict[str, Any]:
    return {
        "site": site,
        "version": stored.version,
        "by": stored.by,
        "created_at": stored.created_at,
        "settings": Policy.from_json(stored.settings).as_json(),
    }
