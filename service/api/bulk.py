"""One decision on many comments: proposed, looked at, run, followed and undone."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from service.actions import bulk
from service.actions.bulk import Wanted
from service.actions.errors import NotFound
from service.api import access, moderating, queue_items
from service.api.answers import answer
from service.api.database import db
from service.domain.batches import Stage
from service.domain.roles import DECIDE
from service.domain.states import Actor, State, may_move
from service.store import batches, queue
from service.store.batch_tables import Batch
from service.store.batches import Chosen

MOST_LISTED = 50
FAILED = "Deciding broke off several times, so the batch ended early; the workers' log says more."


def post_bulk(body: dict[str, Any]) -> Response:
    """Nothing is decided yet: the answer says on how many comments it would be, and shows some."""
    holder = access.holder()
    asked = body.get("filter")
    if asked is not None:
        sites = moderating.sites_for(asked.get("site"), DECIDE)
        chosen, is_cut = bulk.choose(db.session(), moderating.filters_from(asked, sites))
    else:
        chosen, is_cut = _listed(body["decisions"]), False
    batch_id = bulk.propose(
        db.session(),
        chosen,
        Wanted(body["to"], body.get("reason"), body.get("note"), body.get("message")),
        by=holder.by,
        asked=None if asked is None else {name: str(value) for name, value in asked.items()},
        is_cut=is_cut,
    )
    batch = found(batch_id)
    rows = queue.rows(db.session(), batches.sample(db.session(), batch_id))
    data = {**shown(batch), "sample": queue_items.shown(db.session(), rows)}
    return answer(data, 201, {"Location": f"/v1/moderation/bulk/{batch_id}"})


def _listed(lines: list[dict[str, Any]]) -> list[Chosen]:
    """Of the moderator's own sites, as they were seen."""
    sites = access.holder().sites(DECIDE)
    seen = {line["revision"]: line["seen"] for line in lines}
    return [
        Chosen(one.site_id, one.comment_id, one.revision_id, seen[one.revision_id])
        for one in batches.seen(db.session(), list(seen))
        if sites is None or one.site_id in sites
    ]


def list_bulk() -> Response:
    """Your own, the newest first."""
    found = batches.newest(db.session(), by=access.holder().by, most=MOST_LISTED)
    return answer({"batches": [shown(batch) for batch in found]})


def get_bulk(id: UUID, query: dict[str, Any]) -> Response:
    """How far it is, and what became of each comment."""
    batch = found(id)
    limit = query["limit"]
    rows = batches.results(
        db.session(), id, outcomes=query["outcome"], after=query["after"] - 1, limit=limit + 1
    )
    results = [
        {
            "number": item.number,
            "comment": item.comment_id,
            "revision": item.revision_id,
            "seen": item.seen,
            "outcome": item.outcome,
            "state": state,
            "decision": item.decision_id if item.outcome else None,
            "by": by,
            "at": at,
        }
        for item, state, by, at in rows[:limit]
    ]
    following = rows[limit].BatchItem.number if len(rows) > limit else None
    return answer({**shown(batch), "results": results, "next": following})


def post_bulk_run(id: UUID) -> Response:
    """Workers begin at once. Asking again changes nothing."""
    found(id)
    bulk.run(db.session(), access.bell(), id)
    return answer(shown(found(id)), 202)


def post_bulk_undo(id: UUID) -> Response:
    """A batch of its own: each comment goes back to where it was, unless it was moved since."""
    found(id)
    made = bulk.undo(db.session(), access.bell(), id, by=access.holder().by)
    return answer(shown(found(made)), 202, {"Location": f"/v1/moderation/bulk/{made}"})


def delete_bulk(id: UUID) -> Response:
    """Stop it. What was decided until then stays, and can be undone."""
    found(id)
    bulk.cancel(db.session(), id)
    return answer(None, 204)


def found(batch_id: UUID) -> Batch:
    batch = batches.find(db.session(), batch_id)
    sites = access.holder().sites(DECIDE)
    if batch is None or not bulk.may_see(db.session(), batch_id, sites):
        raise NotFound
    return batch


def shown(batch: Batch) -> dict[str, Any]:
    outcomes = batches.outcomes(db.session(), batch.id)
    left = outcomes.pop(None, 0)
    states = batches.states(db.session(), batch.id)
    return {
        "id": batch.id,
        "stage": batch.stage,
        "detail": FAILED if batch.stage == Stage.FAILED else None,
        "by": batch.by,
        "to": batch.target,
        "reason": batch.reason,
        "note": batch.note,
        "message": batch.message,
        "filter": batch.asked,
        "undoes": batch.undoes,
        "is_cut": batch.is_cut,
        "total": batch.total,
        "done": batch.total - left,
        "outcomes": outcomes,
        "states": states,
        "possible": _possible(states, batch.target),
        "created_at": batch.created_at,
        "started_at": batch.started_at,
        "ended_at": batch.ended_at,
    }


def _possible(states: Mapping[str, int], target: State | None) -> int:
    return sum(
        count
        for state, count in states.items()
        if target is None or may_move(Actor.MODERATOR, State(state), target)
    )
