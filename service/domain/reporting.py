"""Why readers report a comment, and what their reports do."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.setting import setting


class Reason(StrEnum):
    SPAM = "spam"
    ABUSE = "abuse"
    OFF_TOPIC = "off-topic"
    PERSONAL_DATA = "personal-data"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsPolicy:
    raise_at: int = setting(
        3, "From so many readers' reports on, a public comment is shown to moderators.",
        low=1, high=1_000,
    )  # fmt: skip
    hold_at: int = setting(
        0, "From so many on, it is held until a moderator has decided. 0 never does that.",
        low=0, high=1_000,
    )  # fmt: skip
