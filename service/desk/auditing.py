"""The page of the audit log, and its entries as files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Response, request, stream_with_context
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from service.api import auditing
from service.api.audit_files import MEDIA_TYPES, Format, lines, shown
from service.api.database import db
from service.api.schemas import Number
from service.desk.showing import show
from service.store import audit_reading
from service.store.audit import Kind

ON_A_PAGE = 50
AUDIT = "/desk/audit"
# Of an entry, what the page's own columns say already, or what only programs want to know.
TOLD_ELSEWHERE = {"comment_id", "revision_id", "from_state", "to_state", "created_at"}


class AuditForm(Schema):
    """Empty fields, which forms send, too, ask for nothing."""

    class Meta:
        unknown = EXCLUDE

    site = fields.String(validate=validate.Length(1, 64))
    kind = fields.Enum(Kind, by_value=True)
    action = fields.String(validate=validate.Length(1, 64))
    by = fields.String(validate=validate.Length(1, 254))
    since = fields.Date()
    until = fields.Date()
    after = Number()
    format = fields.Enum(Format, by_value=True, load_default=Format.CSV)

    @pre_load
    def _without_empty(self, data: Mapping[str, str], **_: Any) -> dict[str, str]:
        given = {name: text.strip() for name, text in data.items() if text.strip()}
        if any("\x00" in text for text in given.values()):
            raise ValidationError("U+0000 is not allowed.")
        return given


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, as it stands in the table."""

    entry: Mapping[str, Any]
    what: str
    details: str


def show_audit() -> Response:
    form = AuditForm().load(request.args.to_dict())
    rows, more = auditing.page(
        auditing.filters_from(_times(form)), before=form.get("after"), limit=ON_A_PAGE
    )
    keys = auditing.keys_of_sites()
    kept = {name: text for name, text in request.args.items() if text and name != "after"}
    return show(
        "desk/audit.html",
        lines=[_line(shown(row, keys)) for row in rows],
        given=request.args,
        kinds=list(Kind),
        head=audit_reading.head(db.session()),
        older=f"{AUDIT}?{urlencode(kept | {'after': str(more)})}" if more else None,
        newest=f"{AUDIT}?{urlencode(kept)}" if "after" in form else None,
        files={
            format: f"{AUDIT}/entries?{urlencode(kept | {'format': format})}" for format in Format
        },
    )


def download() -> Response:
    """However many there are: they are read and sent a batch at a time."""
    form = AuditForm().load(request.args.to_dict())
    filters, keys = auditing.filters_from(_times(form)), auditing.keys_of_sites()
    rows = audit_reading.oldest_first(db.session(), filters)
    file = stream_with_context(lines(rows, form["format"], sites=keys))
    response = Response(file, content_type=MEDIA_TYPES[form["format"]])
    name = f"audit-{datetime.now(UTC):%Y-%m-%d}.{form['format']}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _times(form: Mapping[str, Any]) -> dict[str, Any]:
    """Days as they are in UTC; the last one is meant whole."""
    times = {"since": _midnight(form.get("since"), 0), "until": _midnight(form.get("until"), 1)}
    return {**form, **times}


def _midnight(day: date | None, days: int) -> datetime | None:
    if day is None:
        return None
    try:
        return datetime.combine(day, time(), UTC) + timedelta(days)
    except OverflowError:
        return None  # the end of time bounds nothing


def _line(entry: Mapping[str, Any]) -> Line:
    said = entry["details"]
    what = f"{entry['kind']} {entry['action']}"
    if entry["kind"] == Kind.DECISION:
        what = f"{said['from_state']} → {said['to_state']}"
    told = [
        f"{name.replace('_', ' ')}: {_text(value)}"
        for name, value in said.items()
        if name not in TOLD_ELSEWHERE
    ]
    return Line(entry, what, "; ".join(told))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "none" if value is None else str(value)
