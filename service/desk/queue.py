"""The queue: what waits for a decision, and deciding on it without script."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from flask import Response, request

from service.actions import deciding, undoing
from service.actions.deciding import Decided, Outcome, Result
from service.actions.errors import Refused
from service.api import access, moderating, queue_items
from service.api.database import db
from service.desk import queue_forms, views
from service.desk.choices import CHOICES
from service.desk.marking import counted, moment
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
    return _decided(view, [line])


def decide_selected() -> Response:
    if not request.form.getlist("chosen"):
        view = View.of(dict(parse_qsl(request.form.get("view", ""))))
        return back(view.address(), notice="Nothing was selected.")
    return _decided(*queue_forms.decisions(request.form))


def _decided(view: View, lines: Sequence[Decided]) -> Response:
    holder = access.holder()
    db.session().rollback()  # reading ends before writing begins
    results = deciding.decide(
        db.session(), access.bell(), lines, by=holder.by, sites=holder.sites(DECIDE)
    )
    pairs = list(zip(lines, results, strict=True))
    late = [(line, result) for line, result in pairs if result.outcome is not Outcome.MOVED]
    done = _done(lines[0], len(lines) - len(late))
    made = ",".join(str(result.decision) for _, result in pairs if result.decision)
    if not late:
        return back(view.address(undo=made), notice=done)
    return _page(view, too_late=[_too_late(line, result) for line, result in late], done=done)


def undo() -> Response:
    view, decisions = queue_forms.undone(request.form)
    holder = access.holder()
    undone, why = 0, ""
    for decision in reversed(decisions):
        db.session().rollback()  # reading ends before writing begins
        try:
            undoing.undo_one(
                db.session(), access.bell(), decision, by=holder.by, sites=holder.sites(DECIDE)
            )
            undone += 1
        except Refused as refused:
            why = refused.detail
    left = len(decisions) - undone
    others = f" {counted(left, 'comment')} not: {why}" if left else ""
    return back(view.address(), notice=f"Undone: {counted(undone, 'comment')}.{others}")


def _done(line: Decided, count: int) -> str:
    if count == 0:
        return ""
    said = "Left where it was" if line.seen is line.to else DONE[line.to]
    return f"{said}." if count == 1 else f"{said}: {counted(count, 'comment')}."


def _page(view: View, *, too_late: Sequence[Mapping[str, Any]] = (), done: str = "") -> Response:
    return show(
        "desk/queue.html",
        status=409 if too_late else 200,
        tabs=TABS,
        choices=CHOICES,
        too_late=too_late,
        done=done,
        views=views.known(),
        **_listed(view),
    )


def _listed(view: View) -> dict[str, Any]:
    found = moderating.listed(view.wanted)
    following = found["next"]
    return {
        "view": view,
        "me": access.holder().by,
        "taken": view.tab == "held"
        and view.wanted["free"]
        and not _is_filtered(view)
        and not found["items"]
        and not following
        and found["waiting"] > 0,
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
    by_code = {one.code: one for reasons in found["reasons"].values() for one in reasons}
    return {
        "deciding": {site.key for site in known},
        "deciding_ids": {site.id for site in known},
        "reasons": found["reasons"],
        "all_reasons": by_code.values(),
    }


def _is_filtered(view: View) -> bool:
    return bool(
        view.given.keys() - {"state", "reported", "order", "after", "limit", "site", "everybody"}
    )


def _too_late(line: Decided, result: Result) -> dict[str, Any]:
    """What is said in the item's place; it stays there until it is dismissed."""
    rows = [
        row
        for row in queue.item(db.session(), line.comment)
        if row.Revision.id == line.revision and access.holder().may(READ, row.Comment.site_id)
    ]
    items = queue_items.shown(db.session(), rows)
    return {"said": _said(line, result), "item": items[0] if items else None}


def _said(line: Decided, result: Result) -> str:
    if result.outcome is Outcome.NOT_FOUND or result.state is None:
        return "This comment is gone: its author deleted it."
    if result.outcome is Outcome.ILLEGAL:
        return f"A comment that is {line.seen} cannot be moved there."
    said = (
        f"{DONE.get(result.state, f'Now {result.state}')} already by {result.by or 'someone else'}"
    )
    return f"{said}, {moment(result.at)}." if result.at else f"{said}."
