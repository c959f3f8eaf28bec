"""What moderators' programs send and get."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from service.actions.deciding import Decided, Outcome
from service.api.schemas import STATES, Normalised, Number, Strict, plain
from service.domain.reasons import LONGEST_MESSAGE
from service.domain.reporting import Reason
from service.domain.states import State

MOST_DECISIONS = 500
MOST_WORDS = 20_000
TARGETS = [State.APPROVED, State.REJECTED, State.SPAM]


def state_in(allowed: list[State] | None = None, **options: Any) -> fields.Enum[State]:
    choices = {"enum": [state.value for state in allowed]} if allowed else {}
    check = validate.OneOf(allowed) if allowed else None
    return fields.Enum(State, by_value=True, validate=check, metadata=choices, **options)


class DecisionIn(Strict):
    """One decision, with the state in which the moderator saw the revision."""

    revision = fields.UUID(required=True)
    seen = state_in(required=True)
    to = state_in(TARGETS, required=True)
    reason = Normalised(
        plain,
        allow_none=True,
        validate=validate.Length(1, 64),
        metadata={"description": "A code of the policy's decisions.reasons."},
    )
    note = Normalised(
        plain,
        allow_none=True,
        validate=validate.Length(max=2000),
        metadata={"description": "For other moderators."},
    )
    message = Normalised(
        plain,
        allow_none=True,
        validate=validate.Length(max=LONGEST_MESSAGE),
        metadata={
            "description": "The author reads it beside the state. Left out, the reason's own;"
            " empty, none."
        },
    )


class DecisionLineIn(DecisionIn):
    comment = fields.UUID(required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Decided:
        return Decided(**data)


class DecisionsIn(Strict):
    decisions = fields.List(
        fields.Nested(DecisionLineIn), required=True, validate=validate.Length(1, MOST_DECISIONS)
    )

    @validates_schema
    def _each_once(self, data: dict[str, Any], **_: Any) -> None:
        revisions = [line.revision for line in data.get("decisions", [])]
        if len(set(revisions)) != len(revisions):
            raise ValidationError({"decisions": ["Each revision may be decided once."]})


class CampaignOut(Schema):
    """Comments that are like this one."""

    id = fields.UUID(required=True)
    others = fields.Integer(required=True)
    waiting = fields.Integer(required=True, metadata={"description": "Of the others, held ones."})


class ResultOut(Schema):
    comment = fields.UUID(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf([o.value for o in Outcome]))
    state = fields.String(required=True, allow_none=True)
    by = fields.String(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True, allow_none=True)
    decision = fields.UUID()
    campaign = fields.Nested(
        CampaignOut, metadata={"description": "Others like it, to be decided together."}
    )


class ResultsOut(Schema):
    results = fields.List(fields.Nested(ResultOut), required=True)


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


class QueueAuthorOut(Schema):
    id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    badge = fields.String(required=True, allow_none=True)
    email_given = fields.Boolean(required=True)


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


class QueueItemOut(Schema):
    comment = fields.UUID(required=True)
    revision = fields.UUID(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    body = fields.String(required=True)
    body_html = fields.String(required=True)
    author = fields.Nested(QueueAuthorOut, required=True)
    thread = fields.Nested(QueueThreadOut, required=True)
    parent = fields.UUID(required=True, allow_none=True)
    findings = fields.List(fields.Nested(FindingOut), required=True)
    campaign = fields.Nested(CampaignOut, required=True, allow_none=True)
    reports = fields.Integer(
        required=True, metadata={"description": "Readers' reports since the last decision."}
    )
    reported = fields.List(
        fields.Nested(OpenReportOut), required=True, metadata={"description": "The newest of them."}
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


class LogEntryOut(Schema):
    id = fields.UUID(required=True)
    revision = fields.UUID(required=True)
    seen = fields.String(required=True)
    to = fields.String(required=True)
    actor = fields.String(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    message = fields.String(
        required=True, allow_none=True, metadata={"description": "What the author was told."}
    )
    findings = fields.List(fields.Nested(FindingOut), required=True, allow_none=True)
    policy_version = fields.Integer(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)


class EverythingOut(Schema):
    comment = fields.UUID(required=True)
    public = fields.Boolean(required=True)
    deleted_at = fields.AwareDateTime(required=True, allow_none=True)
    revisions = fields.List(fields.Nested(QueueItemOut), required=True)
    decisions = fields.List(fields.Nested(LogEntryOut), required=True)
    reports = fields.List(fields.Nested(ReportOut), required=True)


class QueueQuery(Strict):
    site = fields.String(validate=validate.Length(1, 64))
    state = state_in(load_default=State.HELD)
    reported = fields.Boolean(
        load_default=False,
        metadata={"description": "Instead: public comments that readers' reports raise."},
    )
    thread = fields.UUID()
    author = fields.UUID()
    q = Normalised(plain, validate=validate.Length(1, 200))
    check = fields.String(validate=validate.Regexp(r"[a-z_]{1,32}\Z"))
    campaign = fields.UUID()
    after = fields.UUID()
    limit = Number(load_default=50, validate=validate.Range(1, 200))
