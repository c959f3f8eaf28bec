"""What the queue is asked for, and what it shows."""

from marshmallow import Schema, fields, validate

from service.api.schemas import STATES
from service.domain.differences import Change
from service.domain.reporting import Reason
from service.domain.risk import Band


class CampaignOut(Schema):
    """Comments that are like this one."""

    id = fields.UUID(required=True)
    others = fields.Integer(required=True)
    waiting = fields.Integer(required=True, metadata={"description": "Of the others, held ones."})


class SpanOut(Schema):
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)


class SignalOut(Schema):
    name = fields.String(required=True)
    weight = fields.Float(required=True, metadata={"description": "In log-odds."})
    span = fields.Nested(SpanOut)


class FindingOut(Schema):
    check = fields.String(required=True)
    verdict = fields.String(required=True, validate=validate.OneOf(["pass", "hold", "reject"]))
    reason = fields.String(required=True)
    spans = fields.List(fields.Nested(SpanOut), required=True)
    score = fields.Float(required=True, allow_none=True)
    version = fields.Integer(required=True)
    is_spam = fields.Boolean(required=True)
    model = fields.String(metadata={"description": "By which model the score was made."})
    signals = fields.List(
        fields.Nested(SignalOut), metadata={"description": "They add up to the score's log-odds."}
    )


class HistoryOut(Schema):
    """Of an author's newest thousand comments, how many are what."""

    first_seen = fields.AwareDateTime(required=True)
    approved = fields.Integer(required=True)
    rejected = fields.Integer(required=True)
    spam = fields.Integer(required=True)
    held = fields.Integer(required=True)


class QueueAuthorOut(Schema):
    id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    badge = fields.String(required=True, allow_none=True)
    email_given = fields.Boolean(required=True)
    history = fields.Nested(
        HistoryOut,
        required=True,
        allow_none=True,
        metadata={"description": "At this site. Null: who it is is not known."},
    )


class QueueThreadOut(Schema):
    id = fields.UUID(required=True)
    site = fields.String(required=True)
    page = fields.String(required=True)
    title = fields.String(required=True, allow_none=True)
    url = fields.String(required=True, allow_none=True)
    mode = fields.String(required=True, allow_none=True)


class OpenReportOut(Schema):
    reason = fields.String(required=True, validate=validate.OneOf(list(Reason)))
    note = fields.String(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)


class ReportOut(OpenReportOut):
    revision = fields.UUID(required=True, metadata={"description": "The text that was reported."})
    signed = fields.Boolean(
        required=True, metadata={"description": "By somebody whom the publisher signed in."}
    )
    settled_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When a moderator had decided on it."},
    )


class PartOut(Schema):
    change = fields.String(required=True, validate=validate.OneOf(list(Change)))
    text = fields.String(required=True)


class AnsweredOut(Schema):
    """The comment that this one answers."""

    comment = fields.UUID(required=True)
    author = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    excerpt = fields.String(required=True)


class AlikeOut(Schema):
    comment = fields.UUID(required=True)
    revision = fields.UUID(required=True)
    author = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    similarity = fields.Float(required=True)
    created_at = fields.AwareDateTime(required=True)


class EarlierDecisionOut(Schema):
    revision = fields.UUID(required=True)
    seen = fields.String(required=True)
    to = fields.String(required=True)
    actor = fields.String(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)


class LookOut(Schema):
    by = fields.String(required=True)
    until = fields.AwareDateTime(required=True)


class QueueItemOut(Schema):
    comment = fields.UUID(required=True)
    revision = fields.UUID(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    body = fields.String(required=True)
    body_html = fields.String(required=True)
    changes = fields.List(
        fields.Nested(PartOut),
        required=True,
        allow_none=True,
        metadata={"description": "For an edit: from the text that is public to this one."},
    )
    author = fields.Nested(QueueAuthorOut, required=True)
    thread = fields.Nested(QueueThreadOut, required=True)
    parent = fields.UUID(required=True, allow_none=True)
    answers = fields.Nested(AnsweredOut, required=True, allow_none=True)
    findings = fields.List(fields.Nested(FindingOut), required=True)
    risk = fields.Float(
        required=True, metadata={"description": "The worst that was found, in log-odds."}
    )
    band = fields.String(required=True, validate=validate.OneOf(list(Band)))
    campaign = fields.Nested(CampaignOut, required=True, allow_none=True)
    alike = fields.List(
        fields.Nested(AlikeOut),
        required=True,
        metadata={"description": "The newest texts that are nearly the same, by their letters."},
    )
    reports = fields.Integer(
        required=True, metadata={"description": "Readers' reports since the last decision."}
    )
    reported = fields.List(
        fields.Nested(OpenReportOut), required=True, metadata={"description": "The newest of them."}
    )
    decisions = fields.List(
        fields.Nested(EarlierDecisionOut),
        required=True,
        metadata={"description": "On any version of the comment, by anybody but screening."},
    )
    look = fields.Nested(
        LookOut, required=True, allow_none=True, metadata={"description": "Who looks at it now."}
    )
    created_at = fields.AwareDateTime(required=True)


class ReasonOut(Schema):
    code = fields.String(required=True)
    label = fields.String(required=True)
    message = fields.String(required=True)


class QueueOut(Schema):
    items = fields.List(fields.Nested(QueueItemOut), required=True)
    next = fields.String(required=True, allow_none=True)
    waiting = fields.Integer(required=True, metadata={"description": "All that is held."})
    reported = fields.Integer(
        required=True,
        metadata={"description": "Public comments that readers' reports raise; `reported=true`."},
    )
    reasons = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Nested(ReasonOut)),
        required=True,
        metadata={"description": "For refusing one of the items, by the site's key."},
    )
