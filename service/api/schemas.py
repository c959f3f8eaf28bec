"""What the API takes and gives: one set of schemas parses it and describes it in openapi.json."""

import re
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from service.actions.posts import NewComment
from service.domain.pages import normalise_page
from service.domain.policy import Identity, Votes
from service.domain.states import State
from service.domain.wording import MAX_BODY, MAX_NAME, Unacceptable, normalise_body, normalise_name
from service.store.pages import Sort

STATES = [state.value for state in State]


class Strict(Schema):
    """Unknown fields are refused: what was not meant to be set cannot be set."""

    class Meta:
        unknown = RAISE


class Normalised(fields.String):
    """A string that the domain brings into one form, or refuses in words for its writer."""

    def __init__(self, normalise: Any, **options: Any) -> None:
        super().__init__(**options)
        self._normalise = normalise

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        try:
            return self._normalise(text)
        except Unacceptable as error:
            raise ValidationError(error.said) from error


class Number(fields.Integer):
    """Digits alone: Python would also read 1_0, ' 10 ' and digits of any script."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", str(value)):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **options)


def plain(text: str) -> str:
    """Strings may hold no U+0000: PostgreSQL cannot store it."""
    if "\x00" in text:
        raise Unacceptable("U+0000 is not allowed.")
    return text.strip()


def site_key() -> fields.String:
    return fields.String(
        required=True, validate=validate.Length(1, 64), metadata={"description": "The site's key."}
    )


def page(**options: Any) -> Normalised:
    meaning = "The article's id, or its URL (fragment and tracking parameters do not matter)."
    return Normalised(
        normalise_page, metadata={"description": meaning, "maxLength": 500}, **options
    )


def body() -> Normalised:
    meaning = "The text: plain, with a small Markdown."
    return Normalised(
        normalise_body, required=True, metadata={"description": meaning, "maxLength": MAX_BODY}
    )


class AuthorIn(Strict):
    name = Normalised(normalise_name, required=True, metadata={"maxLength": MAX_NAME})
    email = fields.Email(
        allow_none=True,
        validate=validate.Length(max=254),
        metadata={"description": "Never shown to readers."},
    )


class FormIn(Strict):
    """What the widget's form tells about how it was filled in. Optional."""

    website = fields.String(
        validate=validate.Length(max=2000),
        metadata={"description": "A field that people do not see; robots fill it in."},
    )
    seconds = fields.Float(
        allow_none=True,
        validate=validate.Range(0, 1e7),
        metadata={"description": "From showing to sending."},
    )


class CommentIn(Strict):
    site = site_key()
    page = page(required=True)
    body = body()
    author = fields.Nested(
        AuthorIn,
        metadata={"description": "Left out with Authorization: Reader, whose token says it."},
    )
    parent = fields.UUID(
        allow_none=True, metadata={"description": "The comment that this one answers."}
    )
    page_title = Normalised(plain, allow_none=True, validate=validate.Length(1, 300))
    page_url = fields.Url(
        allow_none=True,
        schemes={"http", "https"},
        require_tld=False,
        validate=validate.Length(max=2000),
    )
    form = fields.Nested(FormIn, allow_none=True)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> NewComment:
        author, form = data.pop("author", {}), data.pop("form", None) or {}
        return NewComment(
            **data,
            author_name=author.get("name", ""),
            author_email=author.get("email"),
            form_trap_filled=bool(form.get("website")),
            form_seconds=form.get("seconds"),
        )


class EditIn(Strict):
    body = body()


class Receipt(Schema):
    id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    edit_token = fields.String(
        required=True,
        metadata={"description": "For the author alone: Authorization: Edit <token>."},
    )
    editable_until = fields.AwareDateTime(required=True)


class EditReceipt(Receipt):
    class Meta:
        exclude = ("edit_token",)


class AuthorOut(Schema):
    name = fields.String(required=True)
    badge = fields.String(required=True, allow_none=True)


class CommentOut(Schema):
    id = fields.UUID(required=True)
    parent = fields.UUID(required=True, allow_none=True)
    author = fields.Nested(
        AuthorOut, required=True, allow_none=True,
        metadata={"description": "null where the comment is gone and only its replies are left."},
    )  # fmt: skip
    body_html = fields.String(
        required=True, allow_none=True, metadata={"description": "Safe to insert as it is."}
    )
    created_at = fields.AwareDateTime(required=True)
    edited_at = fields.AwareDateTime(required=True, allow_none=True)
    votes = fields.Integer(
        required=True, metadata={"description": "Ups less downs, as far as the site takes both."}
    )
    replies = fields.List(fields.Nested(lambda: CommentOut()), required=True)
    partly_removed = fields.Boolean(
        metadata={"description": "true where a moderator took part of the text out."}
    )


class PageOut(Schema):
    site = fields.String(required=True)
    page = fields.String(required=True)
    mode = fields.String(required=True)
    slow_seconds = fields.Integer(
        required=True,
        metadata={"description": "From one comment of a reader to the next; 0: as they like."},
    )
    note = fields.String(
        required=True, allow_none=True, metadata={"description": "Moderators say so to readers."}
    )
    voting = fields.String(required=True, validate=validate.OneOf(list(Votes)))
    identity = fields.String(required=True, validate=validate.OneOf(list(Identity)))
    max_characters = fields.Integer(
        required=True, metadata={"description": "Longer comments are held for a moderator."}
    )
    edit_minutes = fields.Integer(required=True)
    count = fields.Integer(required=True)
    comments = fields.List(fields.Nested(CommentOut), required=True)
    next = fields.String(
        required=True, allow_none=True, metadata={"description": "Give it back as `after`."}
    )


class OwnCommentOut(Schema):
    """One comment. To its author also what is not public, and its state."""

    id = fields.UUID(required=True)
    site = fields.String(required=True)
    page = fields.String(required=True)
    parent = fields.UUID(required=True, allow_none=True)
    author = fields.Nested(AuthorOut, required=True)
    body_html = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    edited_at = fields.AwareDateTime(required=True, allow_none=True)
    votes = fields.Integer(required=True)
    partly_removed = fields.Boolean()
    body = fields.String(metadata={"description": "Its author only."})
    state = fields.String(metadata={"description": "Its author only."})
    message = fields.String(
        allow_none=True,
        metadata={"description": "Its author only: what a moderator told them, as plain text."},
    )
    public = fields.Boolean(metadata={"description": "Its author only: is any version public?"})
    editable_until = fields.AwareDateTime(metadata={"description": "Its author only."})


class PageQuery(Strict):
    site = site_key()
    page = page(required=True)
    sort = fields.Enum(Sort, by_value=True, load_default=Sort.OLDEST)
    limit = Number(load_default=50, validate=validate.Range(1, 100))
    after = fields.String(validate=validate.Length(1, 100))


class HealthOut(Schema):
    STATUSES: ClassVar = ["ok", "degraded", "unavailable"]
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    database = fields.String()
    redis = fields.String()
