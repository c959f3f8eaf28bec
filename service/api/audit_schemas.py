"""What the audit log is asked for, and what it shows."""

from marshmallow import fields, validate

from service.api.schemas import Normalised, Number, Strict, plain
from service.store.audit import Kind


class AuditQuery(Strict):
    site = fields.String(validate=validate.Length(1, 64), metadata={"description": "Its key."})
    kind = fields.Enum(Kind, by_value=True)
    action = Normalised(
        plain,
        validate=validate.Length(1, 64),
        metadata={"description": "What was done; of a decision, what became of the comment."},
    )
    by = Normalised(
        plain,
        validate=validate.Length(1, 254),
        metadata={"description": "Who did it, under the name that decisions are recorded under."},
    )
    since = fields.AwareDateTime(metadata={"description": "At that time or later."})
    until = fields.AwareDateTime(metadata={"description": "Before then."})
    after = Number(metadata={"description": "`next` of the page before."})
    limit = Number(load_default=50, validate=validate.Range(1, 500))


class EntryOut(Strict):
    """docs/security.md says what the hashes are made of."""

    seq = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    site = fields.String(required=True, allow_none=True, metadata={"description": "Its key."})
    site_id = fields.UUID(required=True, allow_none=True)
    kind = fields.String(required=True)
    action = fields.String(required=True)
    by = fields.String(required=True)
    actor = fields.String(
        required=True, allow_none=True, metadata={"description": "In what capacity, of decisions."}
    )
    subject = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "What it was done to: a decision, a thread, a token, ..."},
    )
    details = fields.Dict(keys=fields.String(), required=True)
    content = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The hash of what the entry stands for and does not repeat."},
    )
    prev = fields.String(required=True)
    hash = fields.String(required=True)


class HeadOut(Strict):
    seq = fields.Integer(required=True)
    hash = fields.String(required=True)


class AuditOut(Strict):
    entries = fields.List(fields.Nested(EntryOut), required=True)
    next = fields.Integer(required=True, allow_none=True)
    head = fields.Nested(
        HeadOut, required=True, allow_none=True, metadata={"description": "Where the log ends."}
    )
