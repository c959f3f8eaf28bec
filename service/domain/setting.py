"""One setting of a policy: its default, its meaning and its bounds."""

from dataclasses import MISSING, field
from typing import Any


def setting(
    default: Any,
    meaning: str,
    *,
    low: float | None = None,
    high: float | None = None,
    pattern: str | None = None,
) -> Any:
    """Of a text `low` and `high` are its length. MISSING makes a setting that has to be given."""
    metadata = {"meaning": meaning, "low": low, "high": high, "pattern": pattern}
    if default is MISSING:
        return field(metadata=metadata)
    if isinstance(default, type):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)
