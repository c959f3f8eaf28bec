"""What moderators send and get who take comments from the queue."""

from marshmallow import Schema, fields, validate

from service.api.queue_queries import Ordered
from service.api.queue_schemas import LookOut, QueueItemOut, ReasonOut
from service.api.schemas import Strict

MOST_TAKEN = 50
MOST_LOOKED_AT = 500


def seconds() -> fields.Integer:
    return fields.Integer(
        required=True, metadata={"description": "After so many it is over, unless renewed."}
    )


class LooksIn(Ordered):
    limit = fields.Integer(strict=True, load_default=25, validate=validate.Range(1, MOST_TAKEN))
    but = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=MOST_LOOKED_AT),
        metadata={"description": "Revisions that you have already."},
    )


class TakenOut(Schema):
    items = fields.List(fields.Nested(QueueItemOut), required=True)
    next = fields.UUID(required=True, allow_none=True)
    reasons = fields.Dict(
        keys=fields.String(), values=fields.List(fields.Nested(ReasonOut)), required=True
    )
    seconds = seconds()


class RenewalIn(Strict):
    revisions = fields.List(
        fields.UUID(), required=True, validate=validate.Length(1, MOST_LOOKED_AT)
    )


class OtherLookOut(LookOut):
    revision = fields.UUID(required=True)


class RenewalOut(Schema):
    yours = fields.List(fields.UUID(), required=True)
    others = fields.List(fields.Nested(OtherLookOut), required=True)
    seconds = seconds()
