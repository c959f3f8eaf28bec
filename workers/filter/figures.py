"""How well a model judges, from scores of comments that it had not seen, with their labels."""

from collections.abc import Sequence
from math import log
from typing import Any

from workers.filter.calibration import Scored
from workers.filter.learning import sigmoid

BINS = 10
CURVE = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999)


def figures(scored: Scored) -> dict[str, Any]:
    """Logits with labels, as JSON: `share` of a number is None where there is nothing to share."""
    bad = [logit for logit, label in scored if label]
    good = [logit for logit, label in scored if not label]
    caught = sum(logit >= 0 for logit in bad)
    hit = sum(logit >= 0 for logit in good)
    return {
        "good": len(good),
        "bad": len(bad),
        "precision": _share(caught, caught + hit),
        "recall": _share(caught, len(bad)),
        "auc": _auc(good, bad),
        "log_loss": _rounded(log_loss(scored)),
        "calibration_error": _calibration_error(scored),
        "calibration": _calibration(scored),
        "curve": [
            {
                "probability": probability,
                "good": _share(_above(good, probability), len(good)),
                "bad": _share(_above(bad, probability), len(bad)),
            }
            for probability in CURVE
        ],
    }


def losses(scored: Scored) -> list[float]:
    """How wrong each was, in nats."""
    chances = ((sigmoid(logit), label) for logit, label in scored)
    return [-log(max(1e-9, chance if label else 1 - chance)) for chance, label in chances]


def log_loss(scored: Scored) -> float:
    return sum(losses(scored)) / max(1, len(scored))


def _above(logits: Sequence[float], probability: float) -> int:
    return sum(sigmoid(logit) >= probability for logit in logits)


def _share(part: float, whole: int) -> float | None:
    return _rounded(part / whole) if whole else None


def _rounded(number: float) -> float:
    return round(number, 6)


def _auc(good: Sequence[float], bad: Sequence[float]) -> float | None:
    """How often a bad one scores higher than a good one; half where they score the same."""
    if not good or not bad:
        return None
    ranked = sorted([(logit, 0) for logit in good] + [(logit, 1) for logit in bad])
    wins, below, place = 0.0, 0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        of_bad = sum(label for _, label in ranked[place:end])
        of_good = end - place - of_bad
        wins += of_bad * (below + of_good / 2)
        below += of_good
        place = end
    return _rounded(wins / (len(good) * len(bad)))


def _binned(scored: Scored) -> list[list[tuple[float, int]]]:
    bins: list[list[tuple[float, int]]] = [[] for _ in range(BINS)]
    for logit, label in scored:
        chance = sigmoid(logit)
        bins[min(BINS - 1, int(chance * BINS))].append((chance, label))
    return bins


def _calibration(scored: Scored) -> list[dict[str, Any]]:
    """Of those that were given about this chance, how many were bad in truth."""
    return [
        {
            "predicted": _share(sum(chance for chance, _ in found), len(found)),
            "observed": _share(sum(label for _, label in found), len(found)),
            "count": len(found),
        }
        for found in _binned(scored)
        if found
    ]


def _calibration_error(scored: Scored) -> float | None:
    off = (abs(sum(chance - label for chance, label in found)) for found in _binned(scored))
    return _share(sum(off), len(scored))
