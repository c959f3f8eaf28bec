"""Fitting a site's model to its moderators' decisions, and deciding whether it may judge.

Everything is judged by scores of decisions that the judge had not seen.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

from service.domain.bands import Good
from workers.filter import site
from workers.filter.calibration import Scored
from workers.filter.figures import figures, losses
from workers.filter.site import MIN_LABELS, MIN_OF_EACH, Label, SiteModel

FEW_NEW = 10  # new decisions; fewer do not tell which of two models is better


@dataclass(frozen=True, slots=True)
class Fitted:
    """Without a model, it is the shipped one that judges."""

    model: SiteModel | None
    adopted: bool
    why: str
    good: Good
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Labels, with what was known beside each text, and which of them came since the last time."""

    labels: Sequence[Label]
    facts: Sequence[float]
    new: Collection[str]  # their ids


def fit(lessons: Lessons, *, before: SiteModel | None) -> Fitted:
    """`before` is the site's model in effect. The new one must not judge worse."""
    model = site.fitted(lessons.labels)
    shipped = [(one.shipped, one.label) for one in lessons.labels]
    if model is None:
        why = TOO_FEW if not site.enough(lessons.labels) else NO_BETTER
        return _result(lessons, None, shipped, adopted=True, why=why)
    if is_worse(model, before, lessons):
        return _result(lessons, model, model.held_back, adopted=False, why=WORSE)
    return _result(lessons, model, model.held_back, adopted=True, why=BETTER)


TOO_FEW = (
    f"The shipped model judges: a site's own takes {MIN_LABELS} decisions, {MIN_OF_EACH} of them"
    " approvals and as many rejections."
)
NO_BETTER = "The shipped model judges: it does so as well as the site's own would."
WORSE = "Not adopted: on decisions that neither had seen, the model before judges better."
BETTER = "Adopted: on decisions that it had not seen, it judges better than the shipped model."


def is_worse(model: SiteModel, before: SiteModel | None, lessons: Lessons) -> bool:
    """On the decisions that `before` has not seen; a difference that may be chance is none."""
    pairs = [
        (held_back, one)
        for held_back, one in zip(model.held_back, lessons.labels, strict=True)
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


def _result(
    lessons: Lessons, model: SiteModel | None, judged: Scored, *, adopted: bool, why: str
) -> Fitted:
    """Bands are for what a comment scores in the end: with what was known beside its text."""
    final = [
        (logit + facts, label) for (logit, label), facts in zip(judged, lessons.facts, strict=True)
    ]
    shipped = [
        (one.shipped + facts, one.label)
        for one, facts in zip(lessons.labels, lessons.facts, strict=True)
    ]
    return Fitted(
        replace(model, held_back=()) if model else None,
        adopted,
        why,
        Good.of(logit for logit, label in final if not label),
        {"held_back": figures(final), "shipped": figures(shipped)},
    )
