"""What moderators' programs send and get."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from service.actions.deciding import Decided, Outcome
from service.api.queue_queries import state_in
from service.api.queue_schemas import CampaignOut, FindingOut, QueueItemOut, ReportOut
from service.api.schemas import Normalised, Strict, plain
from service.domain.findings import Span
from service.domain.reasons import LONGEST_MESSAGE
from service.domain.states import State

MOST_DECISIONS = 500
MOST_SPANS = 1_000
MOST_WORDS = 20_000
TARGETS = [State.APPROVED, State.REJECTED, State.SPAM]


class SpanIn(Strict):
    start = fields.Integer(strict=True, required=True, validate=validate.Range(0))
    end = fields.Integer(strict=True, required=True, validate=validate.Range(1))

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Span:
        return Span(**data)


class WhyIn(Strict):
    """Why something is decided, for whom it concerns."""

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


class RemovalIn(WhyIn):
    """Parts of a text that are to go, in characters of `body`; with the state that was seen."""

    revision = fields.UUID(required=True)
    seen = state_in(required=True)
    spans = fields.List(
        fields.Nested(SpanIn), required=True, validate=validate.Length(1, MOST_SPANS)
    )


class RemovedOut(Schema):
    comment = fields.UUID(required=True)
    revision = fields.UUID(
        required=True, metadata={"description": "What is left, now the public version."}
    )
    body = fields.String(required=True)
    decision = fields.UUID(required=True)


class DecisionIn(WhyIn):
    """One decision, with the state in which the moderator saw the revision."""

    revision = fields.UUID(required=True)
    seen = state_in(required=True)
    to = state_in(TARGETS, required=True)


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
