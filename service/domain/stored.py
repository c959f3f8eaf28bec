"""Settings as they are stored, back into dataclasses."""

from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any, get_args, get_type_hints


def built(shape: Any, stored: dict[str, Any]) -> Any:
    """What was validated when it was stored; fields added since get their defaults."""
    hints = get_type_hints(shape)
    values: dict[str, Any] = {}
    for item in fields(shape):
        if item.name not in stored:
            continue
        value, kind = stored[item.name], hints[item.name]
        if is_dataclass(kind):
            value = built(kind, value)
        elif isinstance(kind, type) and issubclass(kind, StrEnum):
            value = kind(value)
        elif isinstance(value, list):
            value = _tuple(get_args(kind)[0], value)
        values[item.name] = value
    return shape(**values)


def _tuple(kind: Any, values: list[Any]) -> tuple[Any, ...]:
    return tuple(built(kind, value) if is_dataclass(kind) else value for value in values)
