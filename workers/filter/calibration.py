"""From logits to probabilities, and from promises to thresholds."""

from collections.abc import Sequence
from math import exp, log, log1p

from workers.filter.learning import sigmoid

Scored = Sequence[tuple[float, int]]  # logits with labels
ROUNDS = 40
HALVINGS = 12
SLOPE_PRIOR, SHIFT_PRIOR = 2.0, 0.5
FLATTEST = 0.05


def platt(scored: Scored, weights: Sequence[float]) -> tuple[float, float]:
    """Slope and shift that make the logits fit the labels best, by Newton's method.

    A weak prior (a slope of 1, a shift of 0) keeps them sane where there are few labels.
    """
    slope, shift = 1.0, 0.0
    loss = _loss(scored, weights, slope=slope, shift=shift)
    for _ in range(ROUNDS):
        by_slope, by_shift = _step(scored, weights, slope=slope, shift=shift)
        for _ in range(HALVINGS):
            tried = slope - by_slope, shift - by_shift
            new = _loss(scored, weights, slope=tried[0], shift=tried[1])
            if new <= loss:
                break
            by_slope, by_shift = by_slope / 2, by_shift / 2
        else:
            break
        done = loss - new < 1e-9 * loss
        (slope, shift), loss = tried, new
        if done:
            break
    return max(slope, FLATTEST), shift


def _step(
    scored: Scored, weights: Sequence[float], *, slope: float, shift: float
) -> tuple[float, float]:
    of_slope, of_shift = (slope - 1.0) * SLOPE_PRIOR, shift * SHIFT_PRIOR
    slope2, both, shift2 = SLOPE_PRIOR, 0.0, SHIFT_PRIOR
    for (logit, label), weight in zip(scored, weights, strict=True):
        chance = sigmoid(slope * logit + shift)
        off, bend = weight * (chance - label), weight * chance * (1 - chance)
        of_slope += off * logit
        of_shift += off
        slope2 += bend * logit * logit
        both += bend * logit
        shift2 += bend
    determinant = slope2 * shift2 - both * both
    return (
        (shift2 * of_slope - both * of_shift) / determinant,
        (slope2 * of_shift - both * of_slope) / determinant,
    )


def _loss(scored: Scored, weights: Sequence[float], *, slope: float, shift: float) -> float:
    total = SLOPE_PRIOR / 2 * (slope - 1.0) ** 2 + SHIFT_PRIOR / 2 * shift**2
    for (logit, label), weight in zip(scored, weights, strict=True):
        moved = slope * logit + shift
        total += weight * (log1p(exp(-abs(moved))) + max(moved, 0.0) - label * moved)
    return total


def threshold(ham: Sequence[float], rate: float) -> float:
    """The least score that at most this share of the ham reaches."""
    ranked = sorted(ham, reverse=True)
    allowed = int(rate * len(ranked))
    return ranked[allowed] + 1e-6 if allowed < len(ranked) else 0.0


def promised(ham: Sequence[float], rate: float, *, confidence: float = 0.95) -> float | None:
    """The least score from which on fewer than `rate` of all good comments would be hit.

    Held with this confidence for comments like these (a tolerance bound on order statistics);
    None where they are too few to promise anything: 598 for 0.5 %, 2,995 for 0.1 %.
    """
    ranked = sorted(ham, reverse=True)
    above = _allowed(len(ranked), rate, risk=1 - confidence)
    if (
        above > 0
    ):  # so that it holds for the next comments, if as many, and not in the long run only
        above = max(0, _allowed(len(ranked), rate, risk=(1 - confidence) / 5))
    return None if above < 0 else ranked[above] + 1e-9


def _allowed(count: int, rate: float, *, risk: float) -> int:
    """How many of the ham may lie above: the most k with P(Binomial(count, rate) <= k) <= risk."""
    if count * rate <= 0:
        return -1
    term = exp(count * log(1 - rate))
    total, hits = term, 0
    while total <= risk and hits < count:
        hits += 1
        term *= (count - hits + 1) / hits * rate / (1 - rate)
        total += term
    return hits - 1
