"""The figures of a filter: from scores and labels, in plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Judged:
    """A comment's calibrated probability, and what it is."""

    score: float
    label: int


Set = Sequence[Judged]


def of_class(judged: Set, label: int) -> list[float]:
    return [one.score for one in judged if one.label == label]


def auc(judged: Set) -> float:
    ranked = sorted(judged, key=lambda one: one.score)
    ranks, place = 0.0, 0
    while place < len(ranked):
        end = place
        while end + 1 < len(ranked) and ranked[end + 1].score == ranked[place].score:
            end += 1
        spam = sum(one.label for one in ranked[place : end + 1])
        ranks += spam * ((place + end) / 2 + 1)
        place = end + 1
    spam = sum(one.label for one in judged)
    ham = len(judged) - spam
    return (ranks - spam * (spam + 1) / 2) / (spam * ham)


def recall_at(judged: Set, rate: float) -> float:
    """The share of spam above what this share of the ham reaches."""
    return caught(of_class(judged, 1), bound(of_class(judged, 0), rate))


def bound(ham: Sequence[float], rate: float) -> float:
    return sorted(ham, reverse=True)[int(rate * len(ham))]


def caught(scores: Sequence[float], above: float) -> float:
    return sum(score > above for score in scores) / len(scores)


def share(scores: Sequence[float], least: float, below: float) -> float:
    return sum(least <= score < below for score in scores) / len(scores)


def at_half(judged: Set) -> dict[str, float]:
    tp = sum(one.label and one.score >= 0.5 for one in judged)
    fp = sum(not one.label and one.score >= 0.5 for one in judged)
    fn, tn = sum(one.label for one in judged) - tp, len(of_class(judged, 0)) - fp
    scale = sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)) or 1.0
    return {
        "acc": (tp + tn) / len(judged),
        "F1": 2 * tp / (2 * tp + fp + fn),
        "MCC": (tp * tn - fp * fn) / scale,
        "caught": tp / (tp + fn),
        "blocked ham": fp / (fp + tn),
    }


def calibration_error(judged: Set, bins: int = 10) -> float:
    sums: dict[int, float] = {}
    for one in judged:
        place = min(bins - 1, int(one.score * bins))
        sums[place] = sums.get(place, 0.0) + one.score - one.label
    return sum(map(abs, sums.values())) / len(judged)


def summary(judged: Set) -> dict[str, float]:
    half = at_half(judged)
    return {
        "acc": half["acc"],
        "F1": half["F1"],
        "MCC": half["MCC"],
        "AUC": auc(judged),
        "r@0.1": recall_at(judged, 0.001),
        "r@0.5": recall_at(judged, 0.005),
        "r@1": recall_at(judged, 0.01),
        "ECE": calibration_error(judged),
    }
