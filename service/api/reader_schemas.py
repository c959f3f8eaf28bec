"""What readers send about others' comments."""

from marshmallow import fields, validate

from service.api.schemas import Normalised, PageQuery, Strict, page, plain, site_key
from service.domain.reporting import Reason


class VoteIn(Strict):
    value = fields.Integer(
        required=True,
        strict=True,
        validate=validate.OneOf([1, -1]),
        metadata={"description": "1 is for the comment, -1 against it."},
    )


class ReportIn(Strict):
    reason = fields.Enum(Reason, by_value=True, required=True)
    note = Normalised(
        plain,
        allow_none=True,
        validate=validate.Length(max=1000),
        metadata={"description": "For the moderators alone."},
    )


class FeedQuery(Strict):
    site = site_key()
    page = page()


class ThreadQuery(PageQuery):
    """What the page that needs no script is asked for."""

    reply = fields.UUID()
    notice = fields.String(validate=validate.OneOf(["received"]))
