"""The filter of one site at work: what it thinks of a comment, and which one that is like.

Kept in memory and free of I/O; whoever uses it brings the models and the decisions.
"""

from dataclasses import dataclass

from service.domain.findings import Contribution
from service.domain.submission import Burst, Variant
from workers.filter import site
from workers.filter.explaining import explained
from workers.filter.features import Features, Parts, features
from workers.filter.learning import sigmoid
from workers.filter.model import Model, Weighed
from workers.filter.neighbours import Neighbours
from workers.filter.signal_names import FACTS
from workers.filter.site import Label, SiteModel
from workers.filter.traces import Trace, trace
from workers.filter.views import Comment

ORDINARY = 0.3  # the probability below which a comment counts as one of the many


@dataclass(frozen=True, slots=True)
class Read:
    """A comment as the filter has read it: done once, used for everything that is asked."""

    found: Parts
    weighed: Weighed
    features: Features  # of the text alone
    facts: float  # what is known beside the text adds so much to the logit
    trace: Trace

    @property
    def shipped(self) -> float:
        """What the shipped model thinks of the text alone."""
        return self.weighed.logit - self.facts

    def label(self, *, id: str, label: int) -> Label:
        return Label(id, self.features, self.shipped, label)


@dataclass(frozen=True, slots=True)
class Thought:
    """A logit and what it consists of."""

    logit: float
    contributions: list[Contribution]


class SiteFilter:
    def __init__(self, model: Model) -> None:
        self._model = model
        self._neighbours = Neighbours()
        self._site: SiteModel | None = None

    def adopt(self, model: SiteModel | None) -> None:
        """Judge by this model of the site's own from now on, or by the shipped one alone."""
        self._site = model

    def read(self, comment: Comment) -> Read:
        found = self._model.parts(comment)
        weighed = self._model.weigh(found)
        known = zip(found.signals, weighed.signals, strict=True)
        facts = sum(weight for signal, weight in known if signal.name in FACTS)
        of_text = site.without_facts(features(found))
        return Read(found, weighed, of_text, facts, trace(found, self._model.segment))

    def spam(self, read: Read) -> Thought:
        own: list[Contribution] = []
        logit = read.weighed.logit
        if self._site is not None:
            taught = self._site.logit(read.features, read.shipped) - read.shipped
            own.append(Contribution("this site's moderators", taught))
            logit += taught
        return Thought(logit, explained(read.found, read.weighed, logit=logit, further=own))

    def variant(self, read: Read, *, but: str = "") -> Variant | None:
        """The rejected comment that this one is a variant of."""
        like = self._neighbours.rejected_like(read.trace, but=but)
        return None if like is None else Variant(like.id, like.how, like.strength, like.anchor)

    def burst(self, read: Read, *, but: str = "") -> Burst | None:
        """What came before, is like this one, and was judged by nobody."""
        like = self._neighbours.waiting_like(read.trace, but=but)
        return None if like is None else Burst(like.first, like.earlier + 1)

    def remember(self, read: Read, *, id: str, logit: float, alone: bool) -> None:
        """Note a comment that nobody has judged; `alone` says that it is like no other."""
        ordinary = alone and sigmoid(logit) < ORDINARY
        self._neighbours.pass_by(id, read.trace, ordinary=ordinary)

    def learn(self, read: Read, *, id: str, label: int) -> None:
        """A moderator's decision: 1 for what is not wanted. It replaces an earlier one."""
        self._neighbours.judge(id, read.trace, label)
        if self._site is not None:
            self._site = site.nudged(self._site, read.label(id=id, label=label))

    def unlearn(self, id: str) -> None:
        """Forget the text; the site's model forgets by being fitted again without it."""
        self._neighbours.forget(id)
