"""A site's policy: every setting with its default, bounds and meaning, in one table of fields.

The API's schema, the documentation and the validation of stored policies are all made from it.
"""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self, cast

from service.domain.raids import RaidPolicy
from service.domain.reasons import DecisionsPolicy
from service.domain.reporting import ReportsPolicy
from service.domain.setting import setting
from service.domain.standings import AuthorsPolicy
from service.domain.stored import built


class Mode(StrEnum):
    OPEN = "open"
    PREMODERATED = "premoderated"
    CLOSED = "closed"


class JudgedBy(StrEnum):
    SITE = "site"
    SHIPPED = "shipped"


class Votes(StrEnum):
    OFF = "off"
    UP = "up"
    BOTH = "both"


class Identity(StrEnum):
    OPTIONAL = "optional"
    REQUIRED = "required"


class RejectedSees(StrEnum):
    REJECTED = "rejected"
    WAITING = "waiting"


class Action(StrEnum):
    """What a check does when it finds something."""

    IGNORE = "ignore"
    HOLD = "hold"
    REJECT = "reject"


class Power(StrEnum):
    """The most that a model may do to a comment."""

    OFF = "off"
    HINT = "hint"
    HOLD = "hold"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthPolicy:
    min_characters: int = setting(2, "Shorter comments are held.", low=1, high=1_000)
    max_characters: int = setting(5_000, "Longer comments are held.", low=10, high=20_000)
    max_lines: int = setting(100, "Comments with more lines are held.", low=1, high=2_000)
    max_word: int = setting(
        80, "Comments with a longer word, links aside, are held.", low=10, high=10_000
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksPolicy:
    hold_above: int = setting(2, "Comments with more links than this are held.", low=0, high=100)
    reject_above: int = setting(
        20, "Comments with more links than this are rejected as spam.", low=1, high=1_000
    )
    disguised: Action = setting(
        Action.HOLD, "What to do with a disguised link, such as 'example dot com'."
    )
    only_links: Action = setting(
        Action.HOLD, "What to do with a comment that is nothing but links."
    )
    blocked_domains: tuple[str, ...] = setting(
        tuple, "Domains, their subdomains included, that nobody may link to."
    )
    blocked: Action = setting(Action.REJECT, "What to do with a link to a blocked domain.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsPolicy:
    hold: tuple[str, ...] = setting(tuple, "Words and phrases that hold a comment.")
    reject: tuple[str, ...] = setting(tuple, "Words and phrases that reject a comment.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepetitionPolicy:
    window_minutes: int = setting(
        1_440, "How far back to look for the same text. 0 switches this off.", low=0, high=43_200
    )
    similarity: float = setting(
        0.82, "From which similarity on two texts count as nearly the same.", low=0.7, high=1.0
    )
    min_letters: int = setting(
        20, "Shorter texts, such as 'I agree', may be repeated by others.", low=1, high=1_000
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodPolicy:
    window_minutes: int = setting(
        5, "The time over which comments are counted. 0 switches this off.", low=0, high=1_440
    )
    per_author: int = setting(5, "Comments of one author in that time.", low=1, high=10_000)
    per_address: int = setting(10, "Comments from one address in that time.", low=1, high=10_000)
    per_thread: int = setting(200, "Comments in one thread in that time.", low=1, high=100_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShoutingPolicy:
    capitals_share: float = setting(
        0.7, "Comments with a larger share of capital letters are held.", low=0.1, high=1.0
    )
    min_letters: int = setting(20, "Shorter comments may shout.", low=1, high=1_000)
    repeated_characters: int = setting(
        10, "Longer runs of one and the same character hold a comment.", low=3, high=1_000
    )
    max_emoji: int = setting(15, "Comments with more emoji are held.", low=0, high=1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPolicy:
    trap: Action = setting(
        Action.REJECT, "What to do when the field that people cannot see was filled in."
    )
    min_seconds: float = setting(
        2.0, "Forms sent faster than this are held. 0 switches this off.", low=0, high=60
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewcomerPolicy:
    first_comments: int = setting(
        0, "How many comments of a new author are held. 0 holds none.", low=0, high=100
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamPolicy:
    power: Power = setting(
        Power.REJECT,
        "The most that the spam filter may do: off asks it nothing, hint lets it say what it"
        " thinks, hold lets it hold, reject lets it also reject once it keeps the promise below.",
    )
    judged_by: JudgedBy = setting(
        JudgedBy.SITE,
        "site: the site's own model, once it judges better. shipped: that one alone.",
    )
    rejected_good: float = setting(
        0.005,
        "The promise: at most this share of good comments is rejected. It takes 598 comments that"
        " moderators approved to prove 0.005, 2,995 for 0.001; until then the filter holds.",
        low=0.0001, high=0.05,
    )  # fmt: skip
    held_good: float = setting(
        0.02, "At most this share of good comments is held.", low=0.001, high=0.2
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPolicy:
    variants: Action = setting(
        Action.REJECT,
        "What to do with nearly the text of a rejected comment. What only shares its wording, or a"
        " link or name that is rare on the site, is held.",
    )
    burst: Action = setting(
        Action.HOLD, "What to do with many comments alike that no moderator has judged."
    )
    burst_size: int = setting(3, "How many comments alike are a burst.", low=2, high=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductPolicy:
    action: Action = setting(
        Action.HOLD,
        "What to do with what the site's moderators would likely reject for a reason other than"
        " spam. It begins once their own decisions prove it; until then it is a hint.",
    )
    held_good: float = setting(
        0.01, "At most this share of good comments is held for it.", low=0.001, high=0.2
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    mode: Mode = setting(
        Mode.OPEN,
        "open publishes what passes all checks, premoderated holds all, closed takes nothing.",
    )
    close_after_days: int = setting(
        0,
        "Threads without a mode of their own close so long after their first comment; 0: never.",
        low=0, high=3_650,
    )  # fmt: skip
    edit_minutes: int = setting(
        15, "How long authors may change their comment.", low=0, high=10_080
    )
    identity: Identity = setting(
        Identity.OPTIONAL, "required takes comments only from readers whom the publisher signed in."
    )
    rejected_sees: RejectedSees = setting(
        RejectedSees.REJECTED,
        "What authors see of a comment that was rejected: that, or that it waits for a moderator.",
    )
    votes: Votes = setting(
        Votes.UP, "How readers may vote on comments: not at all, up only, or up and down."
    )
    length: LengthPolicy = field(default_factory=LengthPolicy)
    links: LinksPolicy = field(default_factory=LinksPolicy)
    words: WordsPolicy = field(default_factory=WordsPolicy)
    repetition: RepetitionPolicy = field(default_factory=RepetitionPolicy)
    flood: FloodPolicy = field(default_factory=FloodPolicy)
    shouting: ShoutingPolicy = field(default_factory=ShoutingPolicy)
    form: FormPolicy = field(default_factory=FormPolicy)
    newcomer: NewcomerPolicy = field(default_factory=NewcomerPolicy)
    spam: SpamPolicy = field(default_factory=SpamPolicy)
    campaigns: CampaignPolicy = field(default_factory=CampaignPolicy)
    conduct: ConductPolicy = field(default_factory=ConductPolicy)
    reports: ReportsPolicy = field(default_factory=ReportsPolicy)
    decisions: DecisionsPolicy = field(default_factory=DecisionsPolicy)
    raid: RaidPolicy = field(default_factory=RaidPolicy)
    authors: AuthorsPolicy = field(default_factory=AuthorsPolicy)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """A policy that was validated when it was saved; settings added since get defaults."""
        return cast(Self, built(cls, stored))
