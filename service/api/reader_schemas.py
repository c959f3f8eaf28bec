"""What readers send about others' comments."""

from marshmallow import fields, validate

from service.api.schemas import Strict


class VoteIn(Strict):
    value = fields.Integer(
        required=True,
        strict=True,
        validate=validate.OneOf([1, -1]),
        metadata={"description": "1 is for the comment, -1 against it."},
    )
