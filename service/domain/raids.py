"""Raids: so many comments by people never seen before that a person should see each of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from service.domain.findings import Finding, Verdict
from service.domain.setting import setting

RAID = "raid"  # the name of the check
BY_ITSELF = "the raid switch"  # who turned premoderation on or off where nobody did


@dataclass(frozen=True, slots=True, kw_only=True)
class RaidPolicy:
    window_minutes: int = setting(
        5, "The time over which a raid is looked for. 0 switches this off.", low=0, high=120
    )
    comments: int = setting(
        100, "So many comments in one thread in that time may be a raid.", low=2, high=100_000
    )
    site_comments: int = setting(
        500, "So many on the site, beside threads under a raid of their own, may be one.",
        low=2, high=100_000,
    )  # fmt: skip
    newcomers_share: float = setting(
        0.8, "They are one if at least this share is by people of whom nothing was public before.",
        low=0.1, high=1.0,
    )  # fmt: skip
    calm_minutes: int = setting(
        15, "A raid is over when the line was not crossed for so long.", low=1, high=1_440
    )


@dataclass(frozen=True, slots=True)
class Wave:
    """What came within the window, in one thread or on a site."""

    comments: int = 0
    newcomers: int = 0  # of these, by people of whom nothing was public before

    @property
    def share(self) -> float:
        return self.newcomers / self.comments if self.comments else 0.0

    def crosses(self, policy: RaidPolicy, line: int) -> bool:
        return self.comments >= line and self.share >= policy.newcomers_share


def total(waves: Iterable[Wave]) -> Wave:
    found = list(waves)
    return Wave(sum(one.comments for one in found), sum(one.newcomers for one in found))


def crossings(waves: Mapping[UUID, Wave], policy: RaidPolicy, *, site_id: UUID) -> dict[UUID, Wave]:
    """The threads where the line is crossed, and the site if it is in all the others together."""
    threads = {key: wave for key, wave in waves.items() if wave.crosses(policy, policy.comments)}
    others = total(wave for key, wave in waves.items() if key not in threads)
    return threads | ({site_id: others} if others.crosses(policy, policy.site_comments) else {})


def found(reason: str) -> Finding:
    return Finding(RAID, Verdict.HOLD, f"Every comment is read first: {reason}.")


def in_words(wave: Wave | None, minutes: int) -> str:
    """Why a raid began; None: a moderator said so."""
    if wave is None:
        return "a moderator turned premoderation on for a raid"
    within = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"a raid: {wave.comments:,} comments in {within}, {wave.share:.0%} by newcomers"
