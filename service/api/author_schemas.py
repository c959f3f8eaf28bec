"""What moderators' programs send and get about authors and how they stand."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from service.actions.standings import NewStanding
from service.api.queue_schemas import QueueItemOut
from service.api.schemas import Normalised, Number, Strict, plain, site_key
from service.domain.standings import Kind, Standing

KINDS = [kind.value for kind in Kind]
STANDINGS = [standing.value for standing in Standing]


class StandingIn(Strict):
    kind = fields.Enum(
        Kind,
        by_value=True,
        load_default=Kind.AUTHOR,
        metadata={"description": "By what they are recognised from now on."},
    )
    author = fields.UUID()
    comment = fields.UUID(
        metadata={"description": "One that they wrote; a network address needs it."}
    )
    standing = fields.Enum(Standing, by_value=True, required=True)
    until = fields.AwareDateTime(allow_none=True)
    reason = Normalised(plain, allow_none=True, validate=validate.Length(1, 64))
    note = Normalised(plain, allow_none=True, validate=validate.Length(max=2000))
    seen = Number(
        metadata={"description": "The number of the newest entry that you know of; 0 for none."}
    )

    @validates_schema
    def _about_somebody(self, data: dict[str, Any], **_: Any) -> None:
        if "author" not in data and "comment" not in data:
            raise ValidationError({"author": ["Name an author, or a comment of theirs."]})

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> NewStanding:
        return NewStanding(**data)


class StandingOut(Schema):
    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    number = fields.Integer(required=True)
    standing = fields.String(required=True, validate=validate.OneOf(STANDINGS))
    until = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    comment = fields.UUID(required=True, allow_none=True)
    undoes = fields.UUID(required=True, allow_none=True)
    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class CountsOfStatesOut(Schema):
    received = fields.Integer()
    held = fields.Integer()
    approved = fields.Integer()
    rejected = fields.Integer()
    spam = fields.Integer()
    withdrawn = fields.Integer()
    superseded = fields.Integer()


class AuthorPageOut(Schema):
    author = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "null: known by the network address of one day alone."},
    )
    site = fields.String(required=True)
    signed = fields.Boolean(required=True, metadata={"description": "By the publisher."})
    email_given = fields.Boolean(required=True)
    names = fields.List(fields.String(), required=True)
    comments = fields.Integer(required=True)
    public = fields.Integer(required=True)
    states = fields.Nested(
        CountsOfStatesOut, required=True, metadata={"description": "Of all versions."}
    )
    first_seen = fields.AwareDateTime(required=True, allow_none=True)
    last_seen = fields.AwareDateTime(required=True, allow_none=True)
    standings = fields.List(
        fields.Nested(StandingOut), required=True, metadata={"description": "In force now."}
    )
    history = fields.List(
        fields.Nested(StandingOut), required=True, metadata={"description": "Newest first."}
    )
    items = fields.List(fields.Nested(QueueItemOut), required=True)
    next = fields.String(required=True, allow_none=True)


class FoundAuthorOut(Schema):
    author = fields.UUID(required=True)
    name = fields.String(required=True)
    signed = fields.Boolean(required=True)
    email_given = fields.Boolean(required=True)
    first_seen = fields.AwareDateTime(required=True)


class FoundAuthorsOut(Schema):
    authors = fields.List(fields.Nested(FoundAuthorOut), required=True)


class FindAuthorIn(Strict):
    """A body, since what stands in a URL is written into logs, and e-mail addresses must not be."""

    site = site_key()
    name = Normalised(plain, validate=validate.Length(1, 100))
    email = fields.Email(
        validate=validate.Length(max=254),
        metadata={"description": "Hashed to be compared; it is stored nowhere."},
    )

    @validates_schema
    def _one_of_them(self, data: dict[str, Any], **_: Any) -> None:
        if ("name" in data) == ("email" in data):
            raise ValidationError({"name": ["Give a name or an e-mail address, one of the two."]})


class AuthorQuery(Strict):
    after = fields.UUID()
    limit = Number(load_default=50, validate=validate.Range(1, 200))
