"""One decision on all that a view of the queue shows: looked at, run, followed and undone."""

from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import Response, request

from service.actions import bulk as acting
from service.actions.bulk import Wanted
from service.api import access, bulk, moderating, queue_items
from service.api.database import db
from service.desk import queue_forms
from service.desk.queue_forms import View
from service.desk.showing import back, show
from service.domain.batches import ENDED, Stage
from service.domain.roles import DECIDE
from service.store import batches, queue
from service.store.batch_tables import Batch

MOST_TOLD = 200  # of those on which nothing could be decided
OUTCOMES = ("conflict", "illegal", "not-found")


def propose() -> Response:
    view, asked = queue_forms.proposal(request.form)
    sites = moderating.sites_for(asked["filter"].get("site"), DECIDE)
    chosen, is_cut = acting.choose(db.session(), moderating.filters_from(asked["filter"], sites))
    if not chosen:
        return back(view.address(), notice="Nothing matches any more.")
    db.session().rollback()  # reading ends before writing begins
    batch_id = acting.propose(
        db.session(),
        chosen,
        Wanted(asked["to"], asked.get("reason"), asked.get("note"), asked.get("message")),
        by=access.holder().by,
        asked=dict(parse_qsl(view.query)),
        is_cut=is_cut,
    )
    return back(f"/desk/bulk/{batch_id}")


def show_batch(id: UUID) -> Response:
    batch = bulk.found(id)
    is_new, has_ended = batch.stage == Stage.PROPOSED, batch.stage in ENDED
    rows = queue.rows(db.session(), batches.sample(db.session(), id)) if is_new else []
    left = batches.results(db.session(), id, outcomes=OUTCOMES, after=-1, limit=MOST_TOLD)
    return show(
        "desk/batch.html",
        batch=bulk.shown(batch),
        is_new=is_new,
        has_ended=has_ended,
        sample=queue_items.shown(db.session(), rows),
        left=left if has_ended else [],
        list_address=_list_address(batch),
    )


def show_batches() -> Response:
    found = batches.newest(db.session(), by=access.holder().by, most=bulk.MOST_LISTED)
    return show("desk/batches.html", batches=[bulk.shown(batch) for batch in found])


def run(id: UUID) -> Response:
    bulk.found(id)
    db.session().rollback()  # reading ends before writing begins
    acting.run(db.session(), access.bell(), id)
    return back(f"/desk/bulk/{id}")


def cancel(id: UUID) -> Response:
    bulk.found(id)
    db.session().rollback()  # reading ends before writing begins
    acting.cancel(db.session(), id)
    return back(f"/desk/bulk/{id}", notice="Stopped.")


def undo(id: UUID) -> Response:
    bulk.found(id)
    db.session().rollback()  # reading ends before writing begins
    made = acting.undo(db.session(), access.bell(), id, by=access.holder().by)
    return back(f"/desk/bulk/{made}")


def _list_address(batch: Batch) -> str:
    """Back to the comments that were looked at."""
    asked: dict[str, Any] = batch.asked or {}
    view = View.of(dict(parse_qsl(urlencode(asked))))
    return view.address()
