"""What the API says when it refuses."""

from marshmallow import Schema, fields


class ProblemOut(Schema):
    type = fields.String(required=True)
    code = fields.String(
        required=True, metadata={"description": "Which of the type's meanings; never changes."}
    )
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    codes = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "Beside `errors`: a code for each message."},
    )
    state = fields.String()
    by = fields.String(allow_none=True)
    at = fields.AwareDateTime(allow_none=True)
