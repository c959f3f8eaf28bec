"""What moderators send and get who save views of the queue."""

from marshmallow import Schema, fields, validate

from service.api.queue_queries import Ordered
from service.api.schemas import Normalised, Strict, plain


class ViewIn(Strict):
    name = Normalised(plain, required=True, validate=validate.Length(1, 80))
    filter = fields.Nested(Ordered, required=True)


class NewViewIn(ViewIn):
    site = fields.String(
        allow_none=True,
        validate=validate.Length(1, 64),
        metadata={"description": "Share it with all who moderate this site."},
    )


class ViewOut(Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    filter = fields.Dict(required=True, metadata={"description": "As the queue takes it."})
    site = fields.String(required=True, allow_none=True)
    by = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


class ViewsOut(Schema):
    views = fields.List(fields.Nested(ViewOut), required=True)
