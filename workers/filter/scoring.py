"""The filter of one site at work: what it thinks of a comment, and which one that is like.

Kept in memory and free of I/O; whoever uses it brings the models and the decisions.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.findings import Contribution
from service.domain.opinions import Variant
from workers.filter import site
from workers.filter.explaining import explained
from workers.filter.features import Features, Parts, features
from workers.filter.model import Model, Weighed
from workers.filter.neighbours import Neighbours, Waiting
from workers.filter.signal_names import FACTS
from workers.filter.site import Label, SiteModel
from workers.filter.traces import Trace, trace
from workers.filter.views import Comment

NOTHING: Mapping[str, bool] = {}


@dataclass(frozen=True, slots=True)
class Read:
    """A comment as the filter has read it: done once, used for everything that is asked."""

    found: Parts
    weighed: Weighed
    facts: float  # what is known beside the text adds so much to the logit
    trace: Trace

    @property
    def shipped(self) -> float:
        """What the shipped model thinks of the text alone."""
        return self.weighed.logit - self.facts

    @property
    def features(self) -> Features:
        """Of the text alone. Only learning asks for them, and a site's second score."""
        return site.without_facts(features(self.found))

    def label(self, *, id: str, label: int) -> Label:
        return Label(id, self.features, self.shipped, label)


@dataclass(frozen=True, slots=True)
class Thought:
    """A logit and what it consists of."""

    logit: float
    contributions: list[Contribution]


class Taught:
    """A site's model on top of what was read with the shipped one."""

    def __init__(self, model: SiteModel) -> None:
        self.model = model
        self._alone = model.alone()

    def logit(self, read: Read) -> float:
        """Of the text alone."""
        return self.model.logit(read.features, read.shipped)

    def weigh(self, read: Read) -> Weighed:
        facts = [signal.name in FACTS for signal in read.found.signals]
        share = self.model.share_of(read.shipped)
        return self._alone.weigh(read.found).plus(read.weighed, share=share, facts=facts)


class SiteFilter:
    def __init__(self, model: Model) -> None:
        self._model = model
        self._neighbours = Neighbours()
        self._taught: Taught | None = None

    def adopt(self, model: SiteModel | None) -> None:
        """Judge by this model of the site's own from now on, or by the shipped one alone."""
        self._taught = Taught(model) if model else None

    def read(self, comment: Comment) -> Read:
        found = self._model.parts(comment)
        weighed = self._model.weigh(found)
        facts = sum(
            weight
            for signal, weight in zip(found.signals, weighed.signals, strict=True)
            if signal.name in FACTS
        )
        return Read(found, weighed, facts, trace(found, self._model.segment))

    def spam(self, read: Read) -> Thought:
        return _thought(read, self._taught.weigh(read) if self._taught else read.weighed)

    def spam_as_shipped(self, read: Read) -> Thought:
        """What the shipped model alone thinks."""
        return _thought(read, read.weighed)

    def variant(
        self, read: Read, *, but: str = "", is_spam: Mapping[str, bool] = NOTHING
    ) -> Variant | None:
        """The rejected comment that this one is a variant of. `is_spam`: what those are."""
        like = self._neighbours.rejected_like(read.trace, but=but)
        if like is None:
            return None
        return Variant(
            like.id, like.how, like.strength, like.anchor, is_spam=is_spam.get(like.id, True)
        )

    def waiting_like(self, seen: Trace, *, but: str = "") -> Waiting | None:
        """The newest text like this one that came before and was judged by nobody."""
        return self._neighbours.waiting_like(seen, but=but)

    def remember(self, seen: Trace, *, id: str, like: Waiting | None, ordinary: bool) -> None:
        """Note a text that no moderator has judged; an ordinary one is like no other."""
        self._neighbours.pass_by(id, seen, like=like, ordinary=ordinary)

    def learn(self, read: Read, *, id: str, label: int) -> None:
        """A moderator's decision: 1 for what is not wanted. It replaces an earlier one."""
        self._neighbours.judge(id, read.trace, label)

    def nudge(self, read: Read, *, label: int) -> None:
        """Let the site's model move a step towards a decision; 1 is spam."""
        if self._taught:
            self.adopt(site.nudged(self._taught.model, read.label(id="", label=label)))

    def unlearn(self, id: str) -> None:
        """Forget the text; the site's model forgets by being fitted again without it."""
        self._neighbours.forget(id)

    def knows(self, id: str) -> bool:
        return self._neighbours.knows(id)

    def has_judged(self, id: str) -> bool:
        return self._neighbours.has_judged(id)


def _thought(read: Read, weighed: Weighed) -> Thought:
    return Thought(weighed.logit, explained(read.found, weighed))
