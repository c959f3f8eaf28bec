"""The filter of one site at work: it scores comments, remembers them, and learns from decisions.

Kept in memory and free of I/O; whoever uses it brings the labels, and stores them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from workers.filter import site
from workers.filter.explaining import Contribution, explained
from workers.filter.features import Parts, features
from workers.filter.learning import sigmoid
from workers.filter.model import Model
from workers.filter.neighbours import Match, Neighbours, Waiting, trace
from workers.filter.site import Label, SiteModel
from workers.filter.views import Comment

REFIT_SHARE = 0.05  # of the labels; when so many are new, the site's model is fitted again
SURE = 0.55  # likeness to a rejected text from which on a variant is rejected itself
LIKE_REJECTED = {"text": 3.0, "wording": 2.5, "anchor": 2.0}
SUSPECT = 1.0  # the logit that a variant of a rejected text has at least, before likeness is added
ORDINARY = 0.3


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


class SiteFilter:
    def __init__(self, model: Model) -> None:
        self._model = model
        self.reset()

    def reset(self) -> None:
        self._labels: dict[str, Label] = {}
        self._neighbours = Neighbours()
        self._site: SiteModel | None = None
        self._new = 0

    def learn(self, comment: Comment, *, id: str, label: int) -> None:
        found = self._model.parts(comment)
        self._labels[id] = site.label_of(self._model, found, id=id, label=label)
        self._neighbours.judge(id, trace(found, self._model.segment), label)
        self._new += 1
        if self._site is not None:
            self._site = site.nudged(self._site, self._labels[id])

    def unlearn(self, id: str) -> None:
        if self._labels.pop(id, None) is not None:
            self._neighbours.forget(id)
            self._new = len(self._labels) + 1  # what was wrong must not linger

    def score(self, comment: Comment, *, id: str = "") -> Score:
        self._refit_when_due()
        found = self._model.parts(comment)
        seen = trace(found, self._model.segment)
        weighed = self._model.weigh(found)
        like = self._neighbours.rejected_like(seen, but=id)
        burst = self._neighbours.burst(seen, but=id) if like is None else None
        of_site = self._of_site(found, weighed.logit)
        own = weighed.logit + sum(one.weight for one in of_site)
        further = [*of_site, *_of_likeness(like, burst, own)]
        logit = weighed.logit + sum(one.weight for one in further)
        probability = sigmoid(logit)
        if id:
            ordinary = like is None and not burst and probability < ORDINARY
            self._neighbours.pass_by(id, seen, ordinary=ordinary)
        return Score(
            probability,
            logit,
            self._band(probability, like, is_burst=bool(burst)),
            explained(found, weighed, logit=logit, further=further),
            like.id if like else burst.first if burst else None,
        )

    def _refit_when_due(self) -> None:
        if self._new > REFIT_SHARE * len(self._labels):
            self._site = site.fitted(list(self._labels.values()))
            self._new = 0

    def _of_site(self, found: Parts, shipped: float) -> list[Contribution]:
        if self._site is None:
            return []
        own = self._site.logit(features(found), shipped)
        return [Contribution("this site's moderators", own - shipped)]

    def _band(self, probability: float, like: Match | None, *, is_burst: bool) -> Band:
        bounds = self._model.calibration
        if probability >= bounds.reject:
            return Band.REJECT
        if like is not None:
            return Band.REJECT if like.how == "text" and like.strength >= SURE else Band.HOLD
        return Band.HOLD if is_burst or probability >= bounds.hold else Band.APPROVE


def _of_likeness(like: Match | None, burst: Waiting | None, logit: float) -> list[Contribution]:
    """A variant of a rejected text is suspect whatever its words, and the more the more alike."""
    if like is not None:
        weight = max(0.0, SUSPECT - logit) + LIKE_REJECTED[like.how] * like.strength
        why = (
            f"names {like.anchor.partition(':')[2]} as rejected" if like.anchor else "like rejected"
        )
        return [Contribution(f"{why} #{like.id}", weight)]
    if burst:
        return [Contribution(f"like {burst.earlier + 1} others that nobody judged", 1.0)]
    return []
