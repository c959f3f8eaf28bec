"""Fitting a site's model to its moderators' decisions, and deciding whether it may judge.

Everything is judged by scores of decisions that the judge had not seen.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt
from typing import Any

from service.domain.bands import Good
from workers.filter import site
from workers.filter.calibration import Scored
from workers.filter.figures import figures, losses
from workers.filter.site import Label, SiteModel

FEW_NEW = 10  # new decisions; fewer do not tell which of two models is better


class Outcome(StrEnum):
    TOO_FEW = "too few"
    NO_BETTER = "no better than the shipped one"
    WORSE = "worse than the one before"
    BETTER = "better"


@dataclass(frozen=True, slots=True)
class Fitted:
    """`model` is there when one was fitted, whether or not it may judge."""

    outcome: Outcome
    model: SiteModel | None
    good: Good
    figures: dict[str, Any]

    @property
    def is_adopted(self) -> bool:
        return self.outcome is not Outcome.WORSE


@dataclass(frozen=True, slots=True)
class Lessons:
    """Labels, with what was known beside each text, and which of them came since the last time."""

    labels: Sequence[Label]
    facts: Sequence[float]
    new: Collection[str]  # their ids


def fit(lessons: Lessons, *, before: SiteModel | None) -> Fitted:
    """`before` is the site's model in effect. What judges from now on must not judge worse."""
    model = site.fitted(lessons.labels)
    judged = model.held_back if model else [(one.shipped, one.label) for one in lessons.labels]
    if not site.enough(lessons.labels):
        outcome = Outcome.TOO_FEW
    elif is_worse(judged, before, lessons):
        outcome = Outcome.WORSE
    else:
        outcome = Outcome.BETTER if model else Outcome.NO_BETTER
    return _result(outcome, model, judged, lessons)


def is_worse(judged: Scored, before: SiteModel | None, lessons: Lessons) -> bool:
    """On the decisions that `before` has not seen; a difference that may be chance is none."""
    pairs = [
        (held_back, one)
        for held_back, one in zip(judged, lessons.labels, strict=True)
        if one.id in lessons.new
    ]
    if before is None or len(pairs) < FEW_NEW:
        return False
    ours = losses([held_back for held_back, _ in pairs])
    theirs = losses([(before.logit(one.features, one.shipped), one.label) for _, one in pairs])
    more = [our - their for our, their in zip(ours, theirs, strict=True)]
    mean = sum(more) / len(more)
    spread = sqrt(sum((one - mean) ** 2 for one in more) / (len(more) - 1) / len(more))
    return mean > spread


def _result(outcome: Outcome, model: SiteModel | None, judged: Scored, lessons: Lessons) -> Fitted:
    """Bands are for what a comment scores in the end: with what was known beside its text."""
    final = [
        (logit + facts, label) for (logit, label), facts in zip(judged, lessons.facts, strict=True)
    ]
    shipped = [
        (one.shipped + facts, one.label)
        for one, facts in zip(lessons.labels, lessons.facts, strict=True)
    ]
    return Fitted(
        outcome,
        replace(model, held_back=()) if model else None,
        Good.of(logit for logit, label in final if not label),
        {"own": model is not None, "held_back": figures(final), "shipped": figures(shipped)},
    )
