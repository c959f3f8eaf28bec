"""What the queue's pages are asked for: which comments, and what is decided about one."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from marshmallow import EXCLUDE, Schema, fields, pre_load, validate
from werkzeug.datastructures import MultiDict

from service.actions.deciding import Decided
from service.api.bulk_schemas import BulkIn
from service.api.moderation_schemas import DecisionLineIn, DecisionsIn
from service.api.queue_queries import FilterIn, QueueQuery
from service.api.schemas import Number
from service.domain.states import State

ON_A_PAGE = 25
PLACE = ("after", "limit", "undo")  # of no concern to which comments are meant
LINE = ("comment", "revision", "seen", "to", "reason", "note", "message")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class ViewForm(QueueQuery):
    """Empty fields, which forms send, too, ask for nothing."""

    class Meta:
        unknown = EXCLUDE

    limit = Number(load_default=ON_A_PAGE, validate=validate.Range(1, 100))

    undo = fields.String(validate=validate.Length(max=4_000))  # decisions that were just made
    everybody = fields.Boolean(load_default=False)  # what others look at, too

    @pre_load
    def _without_empty(self, data: Mapping[str, str], **_: Any) -> dict[str, str]:
        given = {name: text.strip() for name, text in data.items() if text.strip()}
        for name, days in (("since", 0), ("until", 1)):
            if DAY.fullmatch(given.get(name, "")):
                given[name] = _midnight(given[name], days)
        return given


def _midnight(day: str, days: int) -> str:
    """The last day is meant whole. What is no day is left to be refused."""
    with suppress(ValueError, OverflowError):
        at = datetime.combine(date.fromisoformat(day), time(), UTC) + timedelta(days)
        return at.isoformat()
    return day


@dataclass(frozen=True, slots=True)
class View:
    """Which comments are looked at: as it was asked for, and as it is understood."""

    given: Mapping[str, str]
    wanted: Mapping[str, Any]

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "View":
        wanted = ViewForm().load(query)
        is_waiting = wanted["reported"] or wanted["state"] is State.HELD
        wanted["free"] = is_waiting and not wanted["everybody"]
        shown = {name: query[name] for name in wanted if query.get(name, "").strip()}
        return cls(shown, wanted)

    @property
    def query(self) -> str:
        """What addresses of this view say; without the place on its pages."""
        kept = {name: text for name, text in self.given.items() if name not in PLACE}
        return urlencode(kept)

    @property
    def tab(self) -> str:
        return "reported" if self.wanted["reported"] else str(self.wanted["state"])

    def address(self, path: str = "/desk/", **changes: str | None) -> str:
        kept = dict(parse_qsl(self.query)) | changes
        query = urlencode({name: text for name, text in kept.items() if text})
        return f"{path}?{query}" if query else path


class SharedForm(Schema):
    """What the form about one comment and the form about many have in common."""

    class Meta:
        unknown = EXCLUDE

    view = fields.String(load_default="")
    to = fields.String(required=True)
    reason = fields.String(load_default="")


class DecisionForm(SharedForm):
    comment = fields.String(required=True)
    revision = fields.String(required=True)
    seen = fields.String(required=True)
    note = fields.String(load_default="")
    message = fields.String(load_default="")
    silent = fields.Boolean(load_default=False)


def decision(form: Mapping[str, str]) -> tuple[View, Decided]:
    """Raises ValidationError."""
    sent = DecisionForm().load(form)
    line = {name: sent[name].strip() for name in LINE if sent[name].strip()}
    if sent["silent"]:
        line["message"] = ""
    return _view(sent), DecisionLineIn().load(line)


def decisions(form: MultiDict[str, str]) -> tuple[View, list[Decided]]:
    """The same for all that are selected. Raises ValidationError."""
    sent = SharedForm().load(form.to_dict())
    shared = {name: sent[name] for name in ("to", "reason") if sent[name]}
    chosen = [one.split("_") for one in form.getlist("chosen")]
    lines = [dict(zip(("comment", "revision", "seen"), one, strict=False)) for one in chosen]
    loaded = DecisionsIn().load({"decisions": [{**line, **shared} for line in lines]})
    return _view(sent), loaded["decisions"]


def proposal(form: MultiDict[str, str]) -> tuple[View, dict[str, Any]]:
    """One decision on all that a view shows. Raises ValidationError."""
    sent = ProposalForm().load(form.to_dict())
    shared = {name: sent[name].strip() for name in ("to", "reason", "note") if sent[name].strip()}
    view = _view(sent)
    asked = ViewForm(only=tuple(FilterIn().fields)).load(dict(view.given))
    loaded: dict[str, Any] = BulkIn().load({**shared, "filter": {}})
    return view, {**loaded, "filter": asked}


class ProposalForm(SharedForm):
    note = fields.String(load_default="")


class UndoForm(Schema):
    class Meta:
        unknown = EXCLUDE

    view = fields.String(load_default="")
    undo = fields.String(required=True)


def undone(form: Mapping[str, str]) -> tuple[View, list[UUID]]:
    """Which decisions to take back. Raises ValidationError."""
    sent = UndoForm().load(form)
    return _view(sent), fields.List(fields.UUID()).deserialize(sent["undo"].split(","))


def _view(sent: Mapping[str, str]) -> View:
    return View.of(dict(parse_qsl(sent["view"])))
