"""What readers send about others' comments, and the counts that their pages show."""

from marshmallow import Schema, fields, validate

from service.api.schemas import Normalised, PageQuery, Strict, page, plain, site_key
from service.domain.reporting import Reason
from service.store.pages import Sort


class VoteIn(Strict):
    value = fields.Integer(
        required=True,
        strict=True,
        validate=validate.OneOf([1, -1, 0]),
        metadata={"description": "1 is for the comment, -1 against it; 0 takes a vote back."},
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


def language() -> fields.String:
    """Never Accept-Language: one address has one answer, which every cache keeps once."""
    return fields.String(load_default="en", validate=validate.Length(1, 35))


class FragmentQuery(Strict):
    """What the fragment is asked for. It has the first page, as long as the widget fetches it."""

    site = site_key()
    page = page(required=True)
    sort = fields.Enum(Sort, by_value=True, load_default=Sort.OLDEST)
    lang = language()


class ThreadQuery(PageQuery):
    """What the page that needs no script is asked for."""

    lang = language()
    reply = fields.UUID()
    notice = fields.String(validate=validate.OneOf(["received"]))


class CountsQuery(Strict):
    site = site_key()
    page = fields.List(
        fields.String(validate=validate.Length(1, 2000)),
        required=True, validate=validate.Length(1, 100),
        metadata={"description": "Up to 100 pages; repeat the parameter.", "repeated": True},
    )  # fmt: skip


class CountsOut(Schema):
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
