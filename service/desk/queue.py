"""The queue: what waits for a decision, and deciding on it without script."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request

from service.actions import deciding
from service.actions.deciding import Decided, Outcome, Result
from service.api import access, moderating, queue_items
from service.api.database import db
from service.desk import queue_forms
from service.desk.choices import CHOICES
from service.desk.marking import moment
from service.desk.queue_forms import View
from service.desk.showing import back, fragment, show
from service.domain.roles import DECIDE, READ
from service.domain.states import State
from service.store import queue, sites

# What moderators may do with a comment on each tab, in this order.
REJECT, SPAM = ("rejected", "Reject"), ("spam", "Spam")
ACTIONS: Mapping[str, Sequence[tuple[str, str]]] = {
    "held": (("approved", "Approve"), REJECT, SPAM),
    "reported": (("approved", "Let it stay"), REJECT, SPAM),
    "approved": (REJECT, SPAM),
    "rejected": (("approved", "Approve"),),
    "spam": (("approved", "Approve"),),
}
TABS = (
    ("held", "Held"), ("reported", "Reported"), ("approved", "Approved"), ("rejected", "Rejected"),
    ("spam", "Spam"),
)  # fmt: skip
NOTHING = {
    "held": "Nothing is waiting.",
    "reported": "Nothing that readers reported is waiting.",
    "approved": "Nothing is approved yet.",
    "rejected": "Nothing is rejected.",
    "spam": "No spam.",
}
DONE = {State.APPROVED: "Approved", State.REJECTED: "Rejected", State.SPAM: "Marked as spam"}


def show_queue() -> Response:
    return _page(View.of(request.args))


def show_items() -> Response:
    """The list alone, for the script, which puts it behind what is there."""
    view = View.of(request.args)
    return fragment("desk/items.html", **_listed(view))


def decide() -> Response:
    view, line = queue_forms.decision(request.form)
    holder = access.holder()
    db.session().rollback()  # reading ends before writing begins
    [result] = deciding.decide(
        db.session(), access.bell(), [line], by=holder.by, sites=holder.sites(DECIDE)
    )
    if result.outcome is Outcome.MOVED:
        kept = line.seen is line.to
        said = "It stays." if kept else f"{DONE[line.to]}."
        return back(view.address(), notice=said)
    return _page(view, too_late=_too_late(line, result))


def _page(view: View, *, too_late: Mapping[str, Any] | None = None) -> Response:
    return show(
        "desk/queue.html",
        status=200 if too_late is None else 409,
        tabs=TABS,
        choices=CHOICES,
        too_late=too_late,
        **_listed(view),
    )


def _listed(view: View) -> dict[str, Any]:
    found = moderating.listed(view.wanted)
    following = found["next"]
    return {
        "view": view,
        "items": found["items"],
        "waiting": found["waiting"],
        "reported": found["reported"],
        "actions": ACTIONS.get(view.tab, ()),
        "nothing": "Nothing matches." if _is_filtered(view) else NOTHING.get(view.tab, "Nothing."),
        "following": view.address(after=str(following)) if following else "",
        "more": view.address("/desk/items", after=str(following)) if following else "",
        **_rights(found),
    }


def _rights(found: Mapping[str, Any]) -> dict[str, Any]:
    """Where whoever asks may decide, and the reasons to choose from there, by the site's key."""
    holder = access.holder()
    known = sites.known(db.session(), holder.sites(DECIDE))
    return {"deciding": {site.key for site in known}, "reasons": found["reasons"]}


def _is_filtered(view: View) -> bool:
    return bool(view.given.keys() - {"state", "reported", "order", "after", "limit", "site"})


def _too_late(line: Decided, result: Result) -> dict[str, Any]:
    """What is said in the item's place; it stays there until it is dismissed."""
    rows = [
        row
        for row in queue.item(db.session(), line.comment)
        if row.Revision.id == line.revision and access.holder().may(READ, row.Comment.site_id)
    ]
    return {"said": _said(line, result), "items": queue_items.shown(db.session(), rows)}


def _said(line: Decided, result: Result) -> str:
    if result.outcome is Outcome.NOT_FOUND or result.state is None:
        return "This comment is gone: its author deleted it."
    if result.outcome is Outcome.ILLEGAL:
        return f"A comment that is {line.seen} cannot be moved there."
    said = (
        f"{DONE.get(result.state, f'Now {result.state}')} already by {result.by or 'someone else'}"
    )
    return f"{said}, {moment(result.at)}." if result.at else f"{said}."
