"""What moderators send and get who decide on many comments at once."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.actions.deciding import Outcome
from service.api.moderation_schemas import TARGETS, WhyIn
from service.api.queue_queries import FilterIn, state_in
from service.api.queue_schemas import QueueItemOut
from service.api.schemas import STATES, Number, Strict
from service.domain.batches import MOST, Stage

OUTCOMES = [outcome.value for outcome in Outcome]


class ChosenIn(Strict):
    revision = fields.UUID(required=True)
    seen = state_in(required=True)


class BulkIn(WhyIn):
    """Either a filter, for all that match, or a list."""

    filter = fields.Nested(FilterIn)
    decisions = fields.List(fields.Nested(ChosenIn), validate=validate.Length(1, MOST))
    to = state_in(TARGETS, required=True)

    @validates_schema
    def _one_of_them(self, data: dict[str, Any], **_: Any) -> None:
        if ("filter" in data) == ("decisions" in data):
            raise ValidationError({"filter": ["Send either filter or decisions."]})


class BatchOut(Schema):
    id = fields.UUID(required=True)
    stage = fields.String(required=True, validate=validate.OneOf(list(Stage)))
    detail = fields.String(required=True, allow_none=True)
    by = fields.String(required=True)
    to = fields.String(
        required=True, allow_none=True, metadata={"description": "Null: back to where they were."}
    )
    reason = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    message = fields.String(required=True, allow_none=True)
    filter = fields.Dict(required=True, allow_none=True)
    undoes = fields.UUID(required=True, allow_none=True)
    is_cut = fields.Boolean(
        required=True, metadata={"description": f"More match; these are the first {MOST:,}."}
    )
    total = fields.Integer(required=True)
    done = fields.Integer(required=True)
    outcomes = fields.Dict(
        keys=fields.String(validate=validate.OneOf(OUTCOMES)),
        values=fields.Integer(),
        required=True,
    )
    states = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "In which they were seen."},
    )
    possible = fields.Integer(
        required=True, metadata={"description": "For how many this is a legal move."}
    )
    created_at = fields.AwareDateTime(required=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)


class ProposalOut(BatchOut):
    sample = fields.List(
        fields.Nested(QueueItemOut),
        required=True,
        metadata={"description": "Up to 20, spread evenly."},
    )


class BatchesOut(Schema):
    batches = fields.List(fields.Nested(BatchOut), required=True)


class BatchResultOut(Schema):
    number = fields.Integer(required=True)
    comment = fields.UUID(required=True)
    revision = fields.UUID(required=True)
    seen = fields.String(required=True, validate=validate.OneOf(STATES))
    outcome = fields.String(required=True, allow_none=True, validate=validate.OneOf(OUTCOMES))
    state = fields.String(
        required=True, allow_none=True, metadata={"description": "Now. Null: it is gone."}
    )
    decision = fields.UUID(required=True, allow_none=True)
    by = fields.String(
        required=True, allow_none=True, metadata={"description": "Who decided on it last."}
    )
    at = fields.AwareDateTime(required=True, allow_none=True)


class BatchResultsOut(BatchOut):
    results = fields.List(fields.Nested(BatchResultOut), required=True)
    next = fields.Integer(required=True, allow_none=True)


class BatchQuery(Strict):
    outcome = fields.List(
        fields.String(validate=validate.OneOf(OUTCOMES)),
        load_default=list,
        metadata={"repeated": True},
    )
    after = Number(load_default=0, metadata={"description": "The `next` of the page before."})
    limit = Number(load_default=100, validate=validate.Range(1, 1000))
