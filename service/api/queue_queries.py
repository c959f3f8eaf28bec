"""What the queue is asked for."""

from typing import Any

from marshmallow import fields, validate

from service.api.schemas import Normalised, Number, Strict, plain
from service.domain.risk import Band
from service.domain.scripts import Script
from service.domain.states import State
from service.store.queue import Order


def state_in(allowed: list[State] | None = None, **options: Any) -> fields.Enum[State]:
    choices = {"enum": [state.value for state in allowed]} if allowed else {}
    check = validate.OneOf(allowed) if allowed else None
    return fields.Enum(State, by_value=True, validate=check, metadata=choices, **options)


class FilterIn(Strict):
    """What to look for; what is left out does not matter."""

    site = fields.String(validate=validate.Length(1, 64))
    state = state_in(load_default=State.HELD)
    reported = fields.Boolean(
        load_default=False,
        metadata={"description": "Instead: public comments that readers' reports raise."},
    )
    thread = fields.UUID()
    section = Normalised(
        plain,
        validate=validate.Length(1, 500),
        metadata={"description": "The beginning of the path of the page's URL: /sport/football."},
    )
    author = fields.UUID()
    q = Normalised(
        plain,
        validate=validate.Length(1, 200),
        metadata={"description": 'In text and name: words, "a phrase", begin*, -without.'},
    )
    check = fields.String(
        validate=validate.Regexp(r"[a-z_]{1,32}\Z"),
        metadata={"description": "One that it did not pass."},
    )
    band = fields.Enum(
        Band,
        by_value=True,
        metadata={"description": "How likely unwanted: below 5, 50, 90 %, or more."},
    )
    script = fields.Enum(
        Script, by_value=True, metadata={"description": "In which most of it is written."}
    )
    campaign = fields.UUID()
    since = fields.AwareDateTime(metadata={"description": "When it was sent, at the earliest."})
    until = fields.AwareDateTime(metadata={"description": "Before then."})


class Ordered(FilterIn):
    order = fields.Enum(
        Order,
        by_value=True,
        load_default=Order.AGE,
        metadata={"description": "risk: the riskiest first, of what is held."},
    )
    after = fields.UUID()


class QueueQuery(Ordered):
    limit = Number(load_default=50, validate=validate.Range(1, 200))
    free = fields.Boolean(
        load_default=False, metadata={"description": "Only what nobody else looks at."}
    )
