"""From which log-odds on a comment is held or rejected: chosen from promises, not from numbers.

A promise about good comments can only be proven on good comments of the same site, as judged by
a model that had not seen them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from workers.filter.calibration import promised
from workers.filter.model import Calibration

# What is more likely unwanted than not is held whatever was promised, and what nearly nobody would
# mind passes; rejecting wants to be sure, however few good comments ever came near.
HOLD_BETWEEN = (log(0.05 / 0.95), 0.0)
REJECT_LEAST = log(0.9 / 0.1)
KEPT_SHARE = 0.25  # no policy can promise more than this


@dataclass(frozen=True, slots=True)
class Good:
    """What good comments scored, in log-odds: the highest, and how many there are in all."""

    count: int
    highest: Sequence[float]  # the highest first

    @classmethod
    def of(cls, logits: Iterable[float]) -> "Good":
        ranked = sorted(logits, reverse=True)
        kept = ranked[: int(len(ranked) * KEPT_SHARE) + 1]
        return cls(len(ranked), [round(logit, 4) for logit in kept])

    def bound(self, share: float) -> float | None:
        """From which logit on fewer than this share of good comments lie, with 95 % confidence."""
        return promised(self.highest, share, count=self.count)


NOTHING_PROVEN = Good(0, ())


def holds_from(good: Good, shipped: Calibration, *, share: float) -> float:
    """Until a promise can be proven, as the shipped model was calibrated."""
    bound = good.bound(share)
    least, most = HOLD_BETWEEN
    return log_odds(shipped.hold) if bound is None else min(most, max(least, bound))


def rejects_from(good: Good, *, share: float) -> float | None:
    """None until the promise can be proven."""
    bound = good.bound(share)
    return None if bound is None else max(REJECT_LEAST, bound)


def log_odds(probability: float) -> float:
    return log(probability / (1 - probability))
