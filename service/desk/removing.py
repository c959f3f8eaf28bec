"""Taking part of a comment's text out."""

import re
from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import ValidationError, fields, validate

from service.actions import reasons, removing
from service.actions.errors import NotFound
from service.actions.removing import Removal
from service.api import access
from service.api.database import db
from service.api.schemas import Normalised, plain
from service.desk.author_forms import Form, load
from service.desk.showing import back, show
from service.domain import cutting
from service.domain.findings import Span
from service.domain.reasons import LONGEST_MESSAGE
from service.domain.roles import DECIDE
from service.domain.states import State
from service.store import comments
from service.store.models import Comment

PART = re.compile(r"([0-9]{1,6})-([0-9]{1,6})")
MOST_PARTS = 1_000


class RemovalForm(Form):
    revision = fields.UUID(required=True)
    seen = fields.Enum(State, by_value=True, required=True)
    reason = Normalised(plain, validate=validate.Length(1, 64))
    message = Normalised(plain, validate=validate.Length(max=LONGEST_MESSAGE))
    note = Normalised(plain, validate=validate.Length(max=2000))


def show_text(id: UUID) -> Response:
    comment = _comment(id)
    latest = comments.latest_revision(db.session(), id)
    policy = reasons.policies(db.session(), [comment.site_id])[comment.site_id]
    return show(
        "desk/removal.html",
        comment=id,
        revision=latest.id,
        state=latest.state,
        name=comment.author_name,
        text=latest.body,
        parts=cutting.sentences(latest.body),
        reasons=policy.reasons,
    )


def remove(id: UUID) -> Response:
    given: dict[str, Any] = load(RemovalForm)
    holder = access.holder()
    removal = Removal(comment=id, spans=_spans(request.form.getlist("part")), **given)
    removing.remove_part(
        db.session(), access.bell(), removal, by=holder.by, sites=holder.sites(DECIDE)
    )
    notice = "Taken out. Readers see the rest, and that a moderator removed something."
    return back(f"/desk/comments/{id}/author", notice=notice)


def _comment(id: UUID) -> Comment:
    comment = comments.find(db.session(), id)
    if comment is None or comment.deleted_at is not None:
        raise NotFound
    if not access.holder().may(DECIDE, comment.site_id):
        raise NotFound
    return comment


def _spans(parts: list[str]) -> list[Span]:
    found = [PART.fullmatch(part) for part in parts[:MOST_PARTS]]
    spans = [Span(int(match[1]), int(match[2])) for match in found if match]
    if len(spans) != len(parts):
        raise ValidationError("The form names a part that is none. Load the page again.")
    return spans
