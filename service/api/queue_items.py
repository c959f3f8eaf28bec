"""An item of the queue: a text, and all that a moderator wants to know beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service.domain.differences import differences
from service.domain.risk import band_of
from service.domain.states import State
from service.store import context, looks, queue, reports
from service.store.context import Alike, Answered, Campaign, History
from service.store.db import AnyRow
from service.store.models import Decision


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside the texts of a page, by revision, comment or author."""

    findings: Mapping[UUID, list[dict[str, Any]]]
    campaigns: Mapping[UUID, Campaign]
    alike: Mapping[UUID, list[Alike]]
    reported: Mapping[UUID, list[AnyRow]]
    answered: Mapping[UUID, Answered]
    histories: Mapping[UUID, History]
    approved: Mapping[UUID, str]
    decisions: Mapping[UUID, list[Decision]]
    looks: Mapping[UUID, AnyRow]


def shown(session: Session, rows: Sequence[AnyRow]) -> list[dict[str, Any]]:
    """However many rows there are, it takes the same few queries."""
    beside = _beside(session, rows)
    return [_item(row, beside) for row in rows]


def _beside(session: Session, rows: Sequence[AnyRow]) -> Beside:
    revisions = [row.Revision for row in rows]
    ids = [one.id for one in revisions]
    comments = {row.Comment.id for row in rows}
    parents = {row.Comment.parent_id for row in rows} - {None}
    authors = {row.Comment.author_id for row in rows} - {None}
    edited = {one.comment_id for one in revisions if one.number > 1}
    return Beside(
        findings=queue.findings(session, ids),
        campaigns=context.campaigns(session, ids),
        alike=context.alike(session, revisions),
        reported=reports.still_open(session, comments),
        answered=context.answered(session, parents),
        histories=context.histories(session, authors),
        approved=context.approved_texts(session, edited),
        decisions=context.earlier_decisions(session, comments),
        looks=looks.of(session, ids),
    )


def _item(row: AnyRow, beside: Beside) -> dict[str, Any]:
    revision, comment = row.Revision, row.Comment
    return {
        "comment": comment.id,
        "revision": revision.id,
        "number": revision.number,
        "state": revision.state,
        "body": revision.body,
        "body_html": revision.body_html,
        "changes": _changes(row, beside.approved.get(comment.id)),
        "author": _author(row, beside.histories.get(comment.author_id)),
        "thread": {
            "id": comment.thread_id,
            "site": row.site,
            "page": row.page,
            "title": row.title,
            "url": row.url,
            "mode": row.mode,
        },
        "parent": comment.parent_id,
        "answers": beside.answered.get(comment.parent_id),
        "findings": beside.findings.get(revision.id, []),
        "risk": revision.risk,
        "band": band_of(revision.risk),
        "campaign": beside.campaigns.get(revision.id),
        "alike": beside.alike.get(revision.id, []),
        "reports": comment.open_reports,
        "reported": [
            {"reason": one.reason, "note": one.note, "at": one.created_at}
            for one in beside.reported.get(comment.id, ())
        ],
        "decisions": [_decision(one) for one in beside.decisions.get(comment.id, ())],
        "look": _look(beside.looks.get(revision.id)),
        "created_at": revision.created_at,
    }


def _look(look: AnyRow | None) -> dict[str, Any] | None:
    return None if look is None else {"by": look.by, "until": look.until}


def _author(row: AnyRow, history: History | None) -> dict[str, Any]:
    comment = row.Comment
    return {
        "id": comment.author_id,
        "name": comment.author_name,
        "badge": comment.author_badge,
        "email_given": row.email_sealed is not None,
        "history": None
        if history is None
        else {
            "first_seen": history.first_seen,
            "approved": history.states[State.APPROVED],
            "rejected": history.states[State.REJECTED],
            "spam": history.states[State.SPAM],
            "held": history.states[State.HELD],
        },
    }


def _changes(row: AnyRow, approved: str | None) -> list[dict[str, str]] | None:
    """From what readers see to what is proposed."""
    if approved is None or row.Comment.public_revision_id == row.Revision.id:
        return None
    parts = differences(approved, row.Revision.body)
    return [{"change": part.change, "text": part.text} for part in parts]


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "revision": decision.revision_id,
        "seen": decision.start,
        "to": decision.target,
        "actor": decision.actor,
        "by": decision.by,
        "reason": decision.reason,
        "note": decision.note,
        "at": decision.created_at,
    }
