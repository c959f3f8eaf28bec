"""What moderators' programs send and get about policies and the modes of threads."""

from dataclasses import MISSING, asdict, is_dataclass
from dataclasses import fields as dataclass_fields
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from marshmallow import Schema, ValidationError, fields, validate

from service.api.schemas import Normalised, Strict, page, plain
from service.domain.policy import Policy

MOST_WORDS = 20_000
MOST_OBJECTS = 100
SLOWEST = 86_400  # seconds between two comments of one reader
LONGEST_NOTE = 500


class ThreadIn(Strict):
    """Changes one thread: its mode (null: what the site's policy says) and what else is given."""

    site = fields.String(required=True, validate=validate.Length(1, 64))
    page = page(required=True)
    mode = fields.String(
        required=True, allow_none=True, validate=validate.OneOf(["open", "premoderated", "closed"])
    )
    slow_seconds = fields.Integer(
        strict=True,
        validate=validate.Range(0, SLOWEST),
        metadata={"description": "From one comment of a reader to the next; 0: as they like."},
    )
    note = Normalised(
        plain,
        allow_none=True,
        validate=validate.Length(1, LONGEST_NOTE),
        metadata={"description": "For readers, above the comments; null takes it away."},
    )


def schema_of(shape: Any) -> type[Strict]:
    """A schema made from a dataclass of settings: same fields, defaults, bounds and meanings."""
    hints = get_type_hints(shape)
    made: dict[str, Any] = {}
    for item in dataclass_fields(shape):
        made[item.name] = _field(hints[item.name], item)
    return type(shape.__name__, (Strict,), made)


def _field(kind: Any, item: Any) -> fields.Field[Any]:
    if is_dataclass(kind):
        return fields.Nested(schema_of(kind), load_default=schema_of(kind)().load({}))
    options: dict[str, Any] = {"metadata": {"description": item.metadata["meaning"]}}
    if item.default is MISSING and item.default_factory is MISSING:
        options["required"] = True
    else:
        default = item.default_factory() if item.default_factory is not MISSING else item.default
        options["load_default"] = default
    low, high = item.metadata["low"], item.metadata["high"]
    bounds = validate.Range(low, high) if low is not None else None
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return fields.Enum(kind, by_value=True, **options)
    if kind is int:
        return fields.Integer(strict=True, validate=bounds, **options)
    if kind is float:
        return fields.Float(validate=bounds, **options)
    if kind is str:
        return _text(item, options)
    return _list(get_args(kind)[0], options)


def _text(item: Any, options: dict[str, Any]) -> fields.Field[Any]:
    checks: list[Any] = [validate.Length(item.metadata["low"], item.metadata["high"])]
    if item.metadata["pattern"]:
        error = f"Not as it has to be: {item.metadata['meaning']}"
        checks.append(validate.Regexp(item.metadata["pattern"], error=error))
    return Normalised(plain, validate=checks, **options)


def _list(kind: Any, options: dict[str, Any]) -> fields.Field[Any]:
    if is_dataclass(kind):
        default = [asdict(one) for one in options["load_default"]]
        most: list[Any] = [validate.Length(max=MOST_OBJECTS), _codes_differ]
        inner: fields.Field[Any] = fields.Nested(schema_of(kind))
    else:
        default, most = list(options["load_default"]), [validate.Length(max=MOST_WORDS)]
        inner = Normalised(plain, validate=validate.Length(1, 200))
    return fields.List(inner, **options | {"load_default": default}, validate=most)


def _codes_differ(entries: list[dict[str, Any]]) -> None:
    if len({entry["code"] for entry in entries}) != len(entries):
        raise ValidationError("Each code may stand on the list once.")


PolicySettings = schema_of(Policy)


class PolicyIn(Strict):
    version = fields.Integer(
        strict=True,
        metadata={"description": "The version that was changed; left out, the newest is replaced."},
    )
    settings = fields.Nested(PolicySettings, required=True)


class PolicyOut(Schema):
    site = fields.String(required=True)
    version = fields.Integer(required=True)
    by = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    settings = fields.Nested(PolicySettings, required=True)
