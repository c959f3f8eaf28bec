"""What programs send and get about replays."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.api.policy_schemas import PolicySettings
from service.api.queue_schemas import FindingOut
from service.api.schemas import Strict, site_key
from service.domain.replay import MOST_REPLAYED, Stage
from service.domain.states import State


def described(meaning: str, **options: Any) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": meaning}, **options)


def outcome(**options: Any) -> fields.String:
    names = [State.APPROVED, State.HELD, State.REJECTED, State.SPAM]
    return fields.String(
        required=True, validate=validate.OneOf([name.value for name in names]), **options
    )


class ReplayIn(Strict):
    """Which past comments to judge again, and by which policy."""

    site = site_key()
    policy = fields.Nested(
        PolicySettings,
        metadata={"description": "Settings as in a site's policy; left out, the present ones."},
    )
    since = fields.AwareDateTime(metadata={"description": "What was sent from then on."})
    last = fields.Integer(
        strict=True,
        validate=validate.Range(1, MOST_REPLAYED),
        metadata={"description": "The newest so many."},
    )

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if ("since" in data) == ("last" in data):
            message = "Say either since when, or how many of the last: since or last."
            raise ValidationError({"since": [message]})


class HitsOut(Schema):
    """How often a check did not pass. Overturned: a moderator approved the comment after all."""

    then = fields.Integer(required=True)
    then_overturned = fields.Integer(required=True)
    now = fields.Integer(required=True)
    now_overturned = fields.Integer(required=True)


class BesideModeratorsOut(Schema):
    decided = described("On which a moderator decided; the next four add up to it.")
    would_agree = described("Decided by itself as the moderator did.")
    would_approve_refused = described("Approved, where the moderator rejected it.")
    would_refuse_approved = described("Rejected, where the moderator approved it.")
    would_hold = described("Held for a person.")
    no_longer_needed = described("Was held for a person then, and would be decided by itself now.")


class ExampleOut(Schema):
    comment = fields.UUID(required=True)
    revision = fields.UUID(required=True)
    text = fields.String(required=True, metadata={"description": "Its beginning."})
    then = fields.List(fields.Nested(FindingOut), required=True)
    now = fields.List(fields.Nested(FindingOut), required=True)


class ChangeOut(Schema):
    """Comments with another outcome now, by what a moderator decided about them last."""

    then = outcome()
    now = outcome()
    moderator = outcome(allow_none=True)
    count = fields.Integer(required=True)
    examples = fields.List(fields.Nested(ExampleOut), required=True)


class ComparisonOut(Schema):
    compared = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    outcomes = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        required=True,
        metadata={"description": "By the outcome then and, in it, by the outcome now."},
    )
    moderators = fields.Nested(BesideModeratorsOut, required=True)
    checks = fields.Dict(keys=fields.String(), values=fields.Nested(HitsOut), required=True)
    changes = fields.List(fields.Nested(ChangeOut), required=True)


class ReplayOut(Schema):
    id = fields.UUID(required=True)
    site = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([stage.value for stage in Stage]))
    detail = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it failed, if it did."}
    )
    by = fields.String(required=True)
    policy_version = described("The site's when the replay was asked for.")
    policy = fields.Nested(PolicySettings, required=True)
    since = fields.AwareDateTime(required=True, allow_none=True)
    last = fields.Integer(required=True, allow_none=True)
    total = described("How many are to be judged; 0 until it runs.")
    done = described("How many were judged so far.")
    created_at = fields.AwareDateTime(required=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    result = fields.Nested(ComparisonOut, required=True, allow_none=True)
