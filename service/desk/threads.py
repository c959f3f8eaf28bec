"""Threads at the desk: which there are, how each is set up, and the raid switch."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from service.actions import raids as raid_actions
from service.actions import threads as actions
from service.actions.errors import Forbidden, NotFound
from service.api import access
from service.api.database import db
from service.api.policy_schemas import LONGEST_NOTE, SLOWEST
from service.api.problems import messages_of
from service.desk.showing import back, show
from service.domain import modes
from service.domain.policy import Mode
from service.domain.roles import DECIDE, READ
from service.domain.states import State
from service.store import raids, sites, thread_lists
from service.store.db import AnyRow

SHOWN = 25
HEIGHT = 24  # of the picture of the activity, in its own units
SHOWN_STATES = (State.RECEIVED, State.HELD, State.APPROVED, State.REJECTED, State.SPAM)


class Asked(Schema):
    class Meta:
        unknown = EXCLUDE

    site = fields.String(load_default="", validate=validate.Length(max=64))
    q = fields.String(load_default="", validate=validate.Length(max=200))
    before = fields.String(validate=validate.Length(max=100))


class Settings(Schema):
    class Meta:
        unknown = EXCLUDE

    mode = fields.String(required=True, validate=validate.OneOf(["", *Mode]))
    slow_seconds = fields.Integer(
        required=True,
        validate=validate.Range(0, SLOWEST, error=f"Give seconds, from 0 to {SLOWEST:,}."),
        error_messages={"invalid": f"Give seconds, from 0 to {SLOWEST:,}."},
    )
    note = fields.String(
        load_default="",
        validate=validate.Length(
            max=LONGEST_NOTE, error=f"Please shorten the note to {LONGEST_NOTE} characters."
        ),
    )


class Place(Schema):
    class Meta:
        unknown = EXCLUDE

    site = fields.String(required=True, validate=validate.Length(1, 64))
    thread = fields.UUID()


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: float
    height: float


def list_threads() -> Response:
    asked = Asked().load(request.args.to_dict())
    chosen = access.holder().sites(READ)
    if asked["site"]:
        chosen = frozenset({access.moderated_site(asked["site"], READ).id})
    before = _read_cursor(asked["before"]) if "before" in asked else None
    text = asked["q"].strip().replace("\x00", "")
    rows = thread_lists.listed(db.session(), chosen, text=text, before=before, limit=SHOWN + 1)
    more, rows = rows[SHOWN:], rows[:SHOWN]
    ids = [row.Thread.id for row in rows]
    older = _cursor(rows[-1]) if more else None
    return show(
        "desk/threads.html",
        rows=rows,
        mode_of=_mode,
        waiting=thread_lists.waiting(db.session(), ids),
        activity=thread_lists.activity(db.session(), ids),
        bars=bars,
        asked=asked,
        older=older and _url(asked, older),
    )


def _url(asked: dict[str, Any], before: str) -> str:
    given = {name: asked[name] for name in ("site", "q") if asked[name]}
    return f"{request.path}?{urlencode(given | {'before': before})}"


def show_thread(id: UUID) -> Response:
    return _shown(_found(id), {})


def set_up_thread(id: UUID) -> Response:
    row = _found(id)
    _ensure_may_decide(row.Thread.site_id)
    try:
        sent = Settings().load(request.form.to_dict())
    except ValidationError as error:
        return _shown(row, messages_of(error), status=422)
    settings = {
        "mode": sent["mode"] or None,
        "slow_seconds": sent["slow_seconds"],
        "note": sent["note"].replace("\x00", "").strip() or None,
    }
    actions.set_up_known(db.session(), access.bell(), id, settings=settings, by=access.holder().by)
    return back(f"/desk/threads/{id}", notice="Saved. Readers see it now.")


def _shown(row: AnyRow, errors: dict[str, list[str]], *, status: int = 200) -> Response:
    thread = row.Thread
    counts = thread_lists.states(db.session(), thread.id)
    site = sites.find_by_id(db.session(), thread.site_id)
    return show(
        "desk/thread.html",
        status=status,
        thread=thread,
        site=site,
        mode=_mode(row),
        counts=[(state, counts[state]) for state in SHOWN_STATES],
        activity=thread_lists.activity(db.session(), [thread.id])[thread.id],
        bars=bars,
        errors=errors,
        given=request.form if errors else None,
        raid=raids.at(db.session(), thread.id),
        site_raid=raids.at(db.session(), thread.site_id),
        may_decide=access.holder().may(DECIDE, thread.site_id),
    )


def switch_raid_on() -> Response:
    sent = Place().load(request.form.to_dict())
    site = access.moderated_site(sent["site"], DECIDE)
    thread_id = sent.get("thread")
    raid_actions.switch_on(
        db.session(), access.bell(), site.id, thread_id=thread_id, by=access.holder().by
    )
    where = f"/desk/threads/{thread_id}" if thread_id else "/desk/threads"
    return back(where, notice="From now on a moderator reads every comment there first.")


def switch_raid_off(id: UUID) -> Response:
    _ensure_may_decide(raids.site_of(db.session(), id))
    ended = raid_actions.switch_off(db.session(), access.bell(), id, by=access.holder().by)
    where = f"/desk/threads/{ended.thread_id}" if ended.thread_id else "/desk/threads"
    return back(where, notice="The raid switch is off. What it held waits in the queue.")


def _ensure_may_decide(site_id: UUID | None) -> None:
    """What may not even be read looks missing."""
    holder = access.holder()
    if site_id is None or not holder.may(READ, site_id):
        raise NotFound
    if not holder.may(DECIDE, site_id):
        raise Forbidden("Your role at this site does not allow that.")


def _found(thread_id: UUID) -> AnyRow:
    row = thread_lists.one(db.session(), thread_id)
    if row is None or not access.holder().may(READ, row.Thread.site_id):
        raise NotFound
    return row


def _mode(row: AnyRow) -> Mode:
    """As readers see it, but for raids, which are told apart."""
    policy = sites.find_by_id(db.session(), row.Thread.site_id).policy
    return modes.in_force(row.Thread.mode, policy, age=row.clock - row.Thread.created_at)


def bars(counts: Sequence[int]) -> list[Bar]:
    """Of a picture HEIGHT high, 4 wide a day with a gap of 1; a day without any has a hair."""
    most = max([*counts, 1])
    heights = [max(1.0, round(HEIGHT * count / most, 1)) for count in counts]
    return [Bar(5 * day, HEIGHT - height, height) for day, height in enumerate(heights)]


def _cursor(row: AnyRow) -> str:
    packed = f"{row.Thread.created_at.isoformat()} {row.Thread.id}"
    return urlsafe_b64encode(packed.encode()).decode()


def _read_cursor(text: str) -> tuple[datetime, UUID]:
    try:
        at, _, key = urlsafe_b64decode(text.encode("ascii")).decode().partition(" ")
        return datetime.fromisoformat(at), UUID(key)
    except (ValueError, Base64Error) as error:
        raise ValidationError({"before": ["This address is incomplete."]}) from error
