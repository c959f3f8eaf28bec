"""What moderators do: read the queue, decide, look at one comment with all its history."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Response

from service.actions import deciding, reasons
from service.actions.deciding import Decided, Outcome, Result
from service.actions.errors import NotFound
from service.api import access
from service.api.answers import answer
from service.api.database import db
from service.domain.reasons import Reason
from service.domain.roles import DECIDE, READ
from service.domain.states import State
from service.store import queue, reports
from service.store.db import AnyRow
from service.store.models import Decision
from service.store.queue import Campaign, Filters
from service.store.reader_tables import Report


def list_queue(query: dict[str, Any]) -> Response:
    sites = _sites(query.get("site"))
    filters = Filters(
        sites=sites,
        state=State.APPROVED if query["reported"] else query["state"],
        thread=query.get("thread"),
        author=query.get("author"),
        text=query.get("q"),
        check=query.get("check"),
        campaign=query.get("campaign"),
        raised=query["reported"],
    )
    limit = query["limit"]
    rows = queue.items(db.session(), filters, after=query.get("after"), limit=limit + 1)
    shown = rows[:limit]
    data = {
        "items": _items(shown),
        "next": str(shown[-1].Revision.id) if len(rows) > limit else None,
        "waiting": queue.waiting(db.session(), sites),
        "reported": reports.raised(db.session(), sites),
        "reasons": _reasons(shown),
    }
    return answer(data)


def _reasons(rows: Sequence[AnyRow]) -> dict[str, Sequence[Reason]]:
    """Those to choose from for these items, by the site's key."""
    keys = {row.Revision.site_id: row.site for row in rows}
    policies = reasons.policies(db.session(), keys)
    return {key: policies[site_id].reasons for site_id, key in keys.items()}


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
    alike = queue.campaigns(db.session(), moved)
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
    alike = queue.campaigns(db.session(), [body["revision"]])
    return answer(_result(result, alike.get(body["revision"])), 201)


def get_everything(id: UUID) -> Response:
    rows = queue.item(db.session(), id)
    if not rows or not access.holder().may(READ, rows[0].Comment.site_id):
        raise NotFound
    comment = rows[0].Comment
    data = {
        "comment": comment.id,
        "public": comment.public_revision_id is not None,
        "deleted_at": comment.deleted_at,
        "revisions": _items(rows),
        "decisions": [_log_entry(decision) for decision in queue.decisions(db.session(), id)],
        "reports": [_report(report) for report in reports.of_comment(db.session(), id)],
    }
    return answer(data)


def _sites(key: str | None) -> Collection[UUID] | None:
    """Which sites to look at: the one asked for, those that the moderator may read, or all."""
    if key is not None:
        return [access.moderated_site(key, READ).id]
    return access.holder().sites(READ)


def _items(rows: Any) -> list[dict[str, Any]]:
    ids = [row.Revision.id for row in rows]
    findings = queue.findings(db.session(), ids)
    alike = queue.campaigns(db.session(), ids)
    reported = reports.still_open(db.session(), {row.Comment.id for row in rows})
    return [_item(row, findings, alike, reported) for row in rows]


def _item(
    row: AnyRow,
    findings: Mapping[UUID, list[dict[str, Any]]],
    alike: Mapping[UUID, Campaign],
    reported: Mapping[UUID, list[AnyRow]],
) -> dict[str, Any]:
    revision, comment = row.Revision, row.Comment
    return {
        "comment": comment.id,
        "revision": revision.id,
        "number": revision.number,
        "state": revision.state,
        "body": revision.body,
        "body_html": revision.body_html,
        "author": {
            "id": comment.author_id,
            "name": comment.author_name,
            "badge": comment.author_badge,
            "email_given": row.email_sealed is not None,
        },
        "thread": {
            "id": comment.thread_id,
            "site": row.site,
            "page": row.page,
            "title": row.title,
            "url": row.url,
            "mode": row.mode,
        },
        "parent": comment.parent_id,
        "findings": findings.get(revision.id, []),
        "campaign": alike.get(revision.id),
        "reports": comment.open_reports,
        "reported": [
            {"reason": one.reason, "note": one.note, "at": one.created_at}
            for one in reported.get(comment.id, ())
        ],
        "created_at": revision.created_at,
    }


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
