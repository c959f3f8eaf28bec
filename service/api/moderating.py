"""What moderators do: read the queue, decide, look at one comment with all its history."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Response

from service.actions import deciding, reasons, removing, undoing
from service.actions.deciding import Decided, Outcome, Result
from service.actions.errors import NotFound
from service.actions.removing import Removal
from service.api import access, queue_items
from service.api.answers import answer
from service.api.database import db
from service.domain.reasons import Reason
from service.domain.roles import DECIDE, READ, Permission
from service.domain.states import State
from service.store import context, looks, queue, reports
from service.store.context import Campaign
from service.store.db import AnyRow
from service.store.models import Decision
from service.store.queue_filters import Filters
from service.store.reader_tables import Report


def list_queue(query: dict[str, Any]) -> Response:
    return answer(listed(query))


def listed(query: Mapping[str, Any]) -> dict[str, Any]:
    """Held first; a page may be short, or empty, and yet have a next one."""
    sites = sites_for(query.get("site"), READ)
    found = queue.page(
        db.session(),
        filters_from(query, sites),
        after=query.get("after"),
        limit=query["limit"],
        order=query["order"],
        but=looks.is_free(access.holder().by) if query["free"] else None,
    )
    return {
        "items": queue_items.shown(db.session(), found.items),
        "next": found.next,
        "waiting": queue.waiting(db.session(), sites),
        "reported": reports.raised(db.session(), sites),
        "reasons": reasons_for(found.items),
    }


def reasons_for(rows: Sequence[AnyRow]) -> dict[str, Sequence[Reason]]:
    """Those to choose from for these items, by the site's key."""
    keys = {row.Revision.site_id: row.site for row in rows}
    policies = reasons.policies(db.session(), keys)
    return {key: policies[site_id].reasons for site_id, key in keys.items()}


def filters_from(query: Mapping[str, Any], sites: Collection[UUID] | None) -> Filters:
    return Filters(
        sites=sites,
        state=State.APPROVED if query["reported"] else query["state"],
        thread=query.get("thread"),
        section=query.get("section"),
        author=query.get("author"),
        text=query.get("q"),
        check=query.get("check"),
        band=query.get("band"),
        script=query.get("script"),
        campaign=query.get("campaign"),
        raised=query["reported"],
        since=query.get("since"),
        until=query.get("until"),
    )


def post_decisions(body: dict[str, Any]) -> Response:
    holder = access.holder()
    results = deciding.decide(
        db.session(), access.bell(), body["decisions"], by=holder.by, sites=holder.sites(DECIDE)
    )
    moved = [
        line.revision
        for line, result in zip(body["decisions"], results, strict=True)
        if result.outcome is Outcome.MOVED
    ]
    alike = context.campaigns(db.session(), moved)
    return answer(
        {
            "results": [
                _result(result, alike.get(line.revision))
                for line, result in zip(body["decisions"], results, strict=True)
            ]
        }
    )


def post_decision(id: UUID, body: dict[str, Any]) -> Response:
    holder = access.holder()
    result = deciding.decide_one(
        db.session(),
        access.bell(),
        Decided(comment=id, **body),
        by=holder.by,
        sites=holder.sites(DECIDE),
    )
    alike = context.campaigns(db.session(), [body["revision"]])
    return answer(_result(result, alike.get(body["revision"])), 201)


def post_removal(id: UUID, body: dict[str, Any]) -> Response:
    holder = access.holder()
    removed = removing.remove_part(
        db.session(),
        access.bell(),
        Removal(comment=id, **body),
        by=holder.by,
        sites=holder.sites(DECIDE),
    )
    data = {
        "comment": id,
        "revision": removed.revision,
        "body": removed.body,
        "decision": removed.decision,
    }
    return answer(data, 201)


def post_decision_undo(id: UUID) -> Response:
    """The comment goes back to where it was before, unless somebody moved it since."""
    holder = access.holder()
    result = undoing.undo_one(
        db.session(), access.bell(), id, by=holder.by, sites=holder.sites(DECIDE)
    )
    return answer(_result(result, None), 201)


def get_everything(id: UUID) -> Response:
    rows = queue.item(db.session(), id)
    if not rows or not access.holder().may(READ, rows[0].Comment.site_id):
        raise NotFound
    comment = rows[0].Comment
    data = {
        "comment": comment.id,
        "public": comment.public_revision_id is not None,
        "deleted_at": comment.deleted_at,
        "revisions": queue_items.shown(db.session(), rows),
        "decisions": [_log_entry(decision) for decision in queue.decisions(db.session(), id)],
        "reports": [_report(report) for report in reports.of_comment(db.session(), id)],
    }
    return answer(data)


def sites_for(key: str | None, permission: Permission) -> Collection[UUID] | None:
    """Which sites to look at: the one asked for, those where the moderator may, or all."""
    if key is not None:
        return [access.moderated_site(key, permission).id]
    return access.holder().sites(permission)


def _result(result: Result, alike: Campaign | None) -> dict[str, Any]:
    data = {
        "comment": result.comment,
        "outcome": result.outcome,
        "state": result.state,
        "by": result.by,
        "at": result.at,
    }
    if result.decision:
        data["decision"] = result.decision
    if alike:
        data["campaign"] = alike
    return data


def _report(report: Report) -> dict[str, Any]:
    return {
        "revision": report.revision_id,
        "reason": report.reason,
        "note": report.note,
        "signed": report.address_hash is None,
        "at": report.created_at,
        "settled_at": report.settled_at,
    }


def _log_entry(decision: Decision) -> dict[str, Any]:
    return {
        "id": decision.id,
        "revision": decision.revision_id,
        "seen": decision.start,
        "to": decision.target,
        "actor": decision.actor,
        "by": decision.by,
        "reason": decision.reason,
        "note": decision.note,
        "message": decision.message,
        "findings": decision.findings,
        "policy_version": decision.policy_version,
        "at": decision.created_at,
    }
