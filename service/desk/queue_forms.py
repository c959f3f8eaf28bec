"""What the queue's pages are asked for: which comments, and what is decided about one."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from marshmallow import EXCLUDE, Schema, fields, pre_load, validate

from service.actions.deciding import Decided
from service.api.moderation_schemas import DecisionLineIn
from service.api.queue_queries import QueueQuery
from service.api.schemas import Number

ON_A_PAGE = 25
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class ViewForm(QueueQuery):
    """Empty fields, which forms send, too, ask for nothing."""

    class Meta:
        unknown = EXCLUDE

    limit = Number(load_default=ON_A_PAGE, validate=validate.Range(1, 100))

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
        shown = {name: query[name] for name in wanted if query.get(name, "").strip()}
        return cls(shown, wanted)

    @property
    def query(self) -> str:
        """What addresses of this view say; without the place on its pages."""
        kept = {name: text for name, text in self.given.items() if name not in ("after", "limit")}
        return urlencode(kept)

    @property
    def tab(self) -> str:
        return "reported" if self.wanted["reported"] else str(self.wanted["state"])

    def address(self, path: str = "/desk/", **changes: str | None) -> str:
        kept = dict(parse_qsl(self.query)) | changes
        query = urlencode({name: text for name, text in kept.items() if text})
        return f"{path}?{query}" if query else path


class DecisionForm(Schema):
    class Meta:
        unknown = EXCLUDE

    view = fields.String(load_default="")
    comment = fields.String(required=True)
    revision = fields.String(required=True)
    seen = fields.String(required=True)
    to = fields.String(required=True)
    reason = fields.String(load_default="")
    note = fields.String(load_default="")
    message = fields.String(load_default="")
    silent = fields.Boolean(load_default=False)


def decision(form: Mapping[str, str]) -> tuple[View, Decided]:
    """Raises ValidationError."""
    sent = DecisionForm().load(form)
    line = {name: sent[name] for name in ("comment", "revision", "seen", "to")}
    line |= {
        name: sent[name].strip() for name in ("reason", "note", "message") if sent[name].strip()
    }
    if sent["silent"]:
        line["message"] = ""
    decided: Decided = DecisionLineIn().load(line)
    return View.of(dict(parse_qsl(sent["view"]))), decided
