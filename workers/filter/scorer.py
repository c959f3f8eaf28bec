"""The filter of one site with all that it learns kept in memory: for measuring without a service.

It judges as workers do: the same models, and the bands of a policy that keeps to its defaults.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.domain.findings import Contribution
from service.domain.opinions import Burst, Variant
from service.domain.policy import CampaignPolicy
from workers.filter import site
from workers.filter.learning import sigmoid
from workers.filter.model import Model
from workers.filter.scoring import SiteFilter
from workers.filter.site import Label
from workers.filter.views import Comment

ORDINARY = 0.3  # the probability below which a comment counts as one of the many
REFIT_SHARE = 0.05  # of the labels; when so many are new, the site's model is fitted again
LIKE_REJECTED = {"text": 3.0, "wording": 2.5, "anchor": 2.0}
SUSPECT = 1.0  # the logit that a variant of a rejected text has at least, before likeness is added
BURST_SIZE = CampaignPolicy().burst_size


class Band(StrEnum):
    APPROVE = "approve"
    HOLD = "hold"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Score:
    probability: float
    logit: float
    band: Band
    contributions: Sequence[Contribution]
    duplicate_of: str | None = None


class Scorer:
    def __init__(self, model: Model) -> None:
        self._model = model
        self.reset()

    def reset(self) -> None:
        self._filter = SiteFilter(self._model)
        self._labels: dict[str, Label] = {}
        self._new = 0

    def learn(self, comment: Comment, *, id: str, label: int) -> None:
        read = self._filter.read(comment)
        self._labels[id] = read.label(id=id, label=label)
        self._filter.learn(read, id=id, label=label)
        self._filter.nudge(read, label=label)
        self._new += 1

    def unlearn(self, id: str) -> None:
        if self._labels.pop(id, None) is not None:
            self._filter.unlearn(id)
            self._new = len(self._labels) + 1  # what was wrong must not linger

    def score(self, comment: Comment, *, id: str = "") -> Score:
        self._refit_when_due()
        read = self._filter.read(comment)
        spam = self._filter.spam(read)
        variant = self._filter.variant(read, but=id)
        like = None if variant else self._filter.waiting_like(read.trace, but=id)
        burst = like.burst() if like else None
        if burst and burst.earlier + 1 < BURST_SIZE:
            burst = None
        further = _of_likeness(variant, burst, spam.logit)
        logit = spam.logit + sum(one.weight for one in further)
        if id:
            ordinary = not (variant or burst) and sigmoid(logit) < ORDINARY
            self._filter.remember(read.trace, id=id, ordinary=ordinary, like=like)
        return Score(
            sigmoid(logit),
            logit,
            self._band(sigmoid(logit), variant, is_burst=bool(burst)),
            [*further, *spam.contributions],
            variant.comment_id if variant else burst.first_id if burst else None,
        )

    def _refit_when_due(self) -> None:
        if self._new > REFIT_SHARE * len(self._labels):
            self._filter.adopt(site.fitted(list(self._labels.values())))
            self._new = 0

    def _band(self, probability: float, variant: Variant | None, *, is_burst: bool) -> Band:
        bounds = self._model.calibration
        if probability >= bounds.reject or (variant and variant.is_sure):
            return Band.REJECT
        if variant or is_burst or probability >= bounds.hold:
            return Band.HOLD
        return Band.APPROVE


def _of_likeness(variant: Variant | None, burst: Burst | None, logit: float) -> list[Contribution]:
    """A variant of a rejected text is suspect whatever its words, and the more the more alike."""
    if variant is not None:
        weight = max(0.0, SUSPECT - logit) + LIKE_REJECTED[variant.how] * variant.likeness
        named = variant.anchor.partition(":")[2]
        why = f"names {named} as rejected" if named else "like rejected"
        return [Contribution(f"{why} #{variant.comment_id}", weight)]
    if burst:
        return [Contribution(f"like {burst.earlier} others that nobody judged", 1.0)]
    return []
