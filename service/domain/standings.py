"""How authors stand with a site's moderators: trusted, watched, muted for a time or banned.

By whom somebody is recognised is a subject: an author, an e-mail address or a network address.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from service.domain.setting import setting

LONGEST_ADDRESS_DAYS = 30  # an address is somebody else's sooner or later


class Standing(StrEnum):
    NONE = "none"
    TRUSTED = "trusted"
    WATCHED = "watched"
    MUTED = "muted"
    BANNED = "banned"


class Kind(StrEnum):
    AUTHOR = "author"
    EMAIL = "email"
    ADDRESS = "address"


class WhenBanned(StrEnum):
    HOLD = "hold"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorsPolicy:
    banned: WhenBanned = setting(
        WhenBanned.REJECT,
        "What to do with comments of a banned author or e-mail address. From a banned network"
        " address they are held, since it may be that of others as well.",
    )


# An address may be an office's, and anybody may type an e-mail address: neither earns trust.
POSSIBLE = {
    Kind.AUTHOR: frozenset(Standing),
    Kind.EMAIL: frozenset(Standing) - {Standing.TRUSTED},
    Kind.ADDRESS: frozenset(Standing) - {Standing.TRUSTED},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a subject's history; `number` counts them from 1."""

    subject: str
    number: int
    standing: Standing
    since: datetime
    until: datetime | None
    reason: str | None
    by: str

    @property
    def kind(self) -> Kind:
        return Kind(self.subject.partition(":")[0])


def of_author(author_id: UUID) -> str:
    return f"{Kind.AUTHOR}:{author_id}"


def of_email(email_key: str) -> str:
    return f"{Kind.EMAIL}:{email_key}"


def of_address(first: UUID) -> str:
    """An address is called by the first that was decided on it: of itself nothing may be kept."""
    return f"{Kind.ADDRESS}:{first}"


def in_force(history: Iterable[Entry], at: datetime) -> Entry | None:
    """How a subject stood then, by its history, oldest first: the last line before counts."""
    return _unless_over([entry for entry in history if entry.since <= at], at)


def in_force_now(history: Sequence[Entry], clock: datetime) -> Entry | None:
    """The last line counts, also one that was written before the clock was set back."""
    return _unless_over(history, clock)


def _unless_over(lines: Sequence[Entry], at: datetime) -> Entry | None:
    if not lines or lines[-1].standing is Standing.NONE:
        return None
    until = lines[-1].until
    return None if until is not None and until <= at else lines[-1]
