"""What moderators' programs send and get about raids."""

from marshmallow import Schema, fields

from service.api.schemas import Strict, page, site_key


class RaidIn(Strict):
    site = site_key()
    page = page()  # left out: the whole site


def found(meaning: str) -> fields.Integer:
    return fields.Integer(required=True, allow_none=True, metadata={"description": meaning})


class RaidOut(Schema):
    id = fields.UUID(required=True)
    site = fields.String(required=True)
    page = fields.String(
        required=True, allow_none=True, metadata={"description": "null: the whole site."}
    )
    reason = fields.String(required=True)
    minutes = found("The window over which it was noticed; null: a moderator switched it on.")
    comments = found("What came within that window; null: a moderator switched it on.")
    newcomers = found("Of these, by people of whom nothing was public before.")
    by = fields.String(required=True)
    started_at = fields.AwareDateTime(required=True)
    seen_at = fields.AwareDateTime(
        required=True, metadata={"description": "When the policy's line was last crossed."}
    )


class RaidsOut(Schema):
    raids = fields.List(fields.Nested(RaidOut), required=True)
