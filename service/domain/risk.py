"""How much a comment looks like what is not wanted: one number to sort and to filter by."""

from collections.abc import Sequence
from enum import StrEnum
from math import inf

from service.domain.bands import HOLD_BETWEEN, REJECT_LEAST, log_odds
from service.domain.findings import Finding, Verdict

LEAST, MOST = -12.0, 12.0  # log-odds; nothing is surer than that
# What a verdict says where no model gave a score: more likely unwanted than not, or surely.
SAID = {Verdict.PASS: LEAST, Verdict.HOLD: 0.0, Verdict.REJECT: REJECT_LEAST}


class Band(StrEnum):
    LOW = "low"
    UNSURE = "unsure"
    LIKELY = "likely"
    CERTAIN = "certain"


# From the first to below the second, in log-odds. As probabilities the lines are 5, 50 and 90 %.
BANDS: dict[Band, tuple[float, float]] = {
    Band.LOW: (-inf, HOLD_BETWEEN[0]),
    Band.UNSURE: HOLD_BETWEEN,
    Band.LIKELY: (HOLD_BETWEEN[1], REJECT_LEAST),
    Band.CERTAIN: (REJECT_LEAST, inf),
}


def risk(findings: Sequence[Finding]) -> float:
    """The worst of what was found, in log-odds."""
    return max(map(_risk, findings), default=0.0)


def _risk(finding: Finding) -> float:
    said = SAID[finding.verdict]
    if finding.model is None or finding.score is None:  # other scores are likenesses
        return said
    if not 0 < finding.score < 1:
        return MOST if finding.score >= 1 else said
    return round(min(MOST, max(said, log_odds(finding.score))), 4)


def band_of(value: float) -> Band:
    return next(band for band, (low, high) in BANDS.items() if low <= value < high)
