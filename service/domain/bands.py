"""From which log-odds on a comment is held or rejected: chosen from promises, not from numbers.

A promise about good comments can only be proven on good comments of the same site, as judged by
a model that had not seen them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log

RISK = 0.05
# What is promised shall hold for the next comments, if as many, and not in the long run only.
RISK_OF_THE_NEXT = RISK / 5
# What is more likely unwanted than not is held whatever was promised, and what nearly nobody would
# mind passes; rejecting wants to be sure, however few good comments ever came near.
HOLD_BETWEEN = (log(0.05 / 0.95), 0.0)
REJECT_LEAST = log(0.9 / 0.1)
KEPT_SHARE = 0.25  # no policy may promise more than this


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
        """The least score from which on fewer than `share` of all good comments would be hit.

        Held with a confidence of 95 % for comments like these (a tolerance bound on order
        statistics); None where they are too few to promise anything: 598 for 0.5 %, 2,995 for
        0.1 %.
        """
        above = allowed(self.count, share, risk=RISK)
        if above is None:
            return None
        above = allowed(self.count, share, risk=RISK_OF_THE_NEXT) or 0
        return self.highest[above] + 1e-9


NOTHING_PROVEN = Good(0, ())


def allowed(count: int, share: float, *, risk: float) -> int | None:
    """How many of so many good comments may lie above a bound that promises `share`.

    The most k with P(Binomial(count, share) <= k) <= risk; None where there is none.
    """
    if count * share <= 0:
        return None
    term = exp(count * log(1 - share))
    total, hits = term, 0
    while total <= risk and hits < count:
        hits += 1
        term *= (count - hits + 1) / hits * share / (1 - share)
        total += term
    return hits - 1 if hits else None


def needed(share: float) -> int:
    """How many good comments it takes to promise `share` of them."""
    return int(log(RISK) / log(1 - share)) + 1


def holds_from(good: Good, *, share: float, shipped: float | None = None) -> float | None:
    """`shipped` is the bound of the shipped model, until a promise can be proven."""
    bound = good.bound(share)
    least, most = HOLD_BETWEEN
    return shipped if bound is None else min(most, max(least, bound))


def conduct_holds_from(good: Good, *, share: float) -> float | None:
    """Nothing is shipped for conduct: None until a promise can be proven."""
    bound = good.bound(share)
    return None if bound is None else max(0.0, bound)


def rejects_from(good: Good, *, share: float) -> float | None:
    """None until the promise can be proven."""
    bound = good.bound(share)
    return None if bound is None else max(REJECT_LEAST, bound)


def log_odds(probability: float) -> float:
    return log(probability / (1 - probability))
