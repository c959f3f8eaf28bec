"""Settings as they are stored, back into dataclasses."""

from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any, get_type_hints


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
            value = tuple(value)
        values[item.name] = value
    return shape(**values)
