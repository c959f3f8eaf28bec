"""What this process knows of each site's filter, kept up with the database before each batch.

All of it can be read again: models, moderators' decisions, traces of the texts before.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from service.domain.bands import NOTHING_PROVEN, Good
from service.domain.links import host_of
from service.domain.states import State
from service.store import filters
from service.store.filters import AHEAD, LONG_AGO, Kind, Lesson, Place
from service.store.sites import SiteRecord
from workers.filter import model as models
from workers.filter import site_bytes, traces
from workers.filter.model import Unreadable
from workers.filter.scoring import SiteFilter, Taught
from workers.filter.site import SiteModel
from workers.filter.views import Comment

SITES = 20  # that are kept at once; each takes some megabytes
# Others commit a moment after their clock was read, so a little of what was read is read again.
OVERLAP = timedelta(seconds=5)
TRACES = 3_000
TRACES_EVERY = 0.5  # seconds; other processes' texts are read no more often
FIRST_LESSONS = 200  # reading more at once would keep a comment waiting
FURTHER_LESSONS = 50  # with each batch after that, older ones
MOST_LESSONS = 2_000
CAMPAIGNS = 10_000


@dataclass
class Kept:
    """One site's filter, and how far the database is read."""

    filter: SiteFilter
    versions: dict[Kind, int] = field(default_factory=dict)
    names: dict[Kind, str] = field(default_factory=dict)
    good: dict[Kind, Good] = field(default_factory=dict)
    conduct: Taught | None = None
    taught_until: datetime = LONG_AGO  # what the site's model knows by being fitted
    learnt: set[UUID] = field(default_factory=set)  # the newest decisions
    learnt_until: datetime = LONG_AGO
    learnt_from: Place = AHEAD
    older: int = MOST_LESSONS  # how many of those before are still to be read, at most
    is_spam: dict[str, bool] = field(default_factory=dict)  # of rejected comments
    campaigns: dict[str, UUID] = field(default_factory=dict)  # of comments that are like others
    traced_until: datetime = LONG_AGO
    traced_at: float = 0.0

    def campaign(self, comment_id: str) -> UUID:
        return self.campaigns.get(comment_id) or UUID(comment_id)

    def enter(self, comment_id: str, campaign: UUID) -> None:
        if len(self.campaigns) >= CAMPAIGNS:
            self.campaigns.clear()  # a campaign's next text starts a new one, at worst
        self.campaigns[comment_id] = campaign


_kept: OrderedDict[UUID, Kept] = OrderedDict()


def forget() -> None:
    """Read everything anew, as a process that begins does."""
    _kept.clear()


def of(session: Session, site: SiteRecord) -> Kept:
    """The site's filter, with all that anybody has committed until now."""
    kept = _kept.pop(site.id, None) or Kept(SiteFilter(models.default()))
    _learn(session, site, kept)
    _adopt(session, site, kept)
    _remember(session, site, kept)
    _kept[site.id] = kept  # only now: what failed half-way is read anew
    if len(_kept) > SITES:
        _kept.popitem(last=False)
    return kept


def _adopt(session: Session, site: SiteRecord, kept: Kept) -> None:
    for kind, version in filters.in_effect(session, site.id).items():
        if kept.versions.get(kind) == version:
            continue
        stored = filters.model(session, site.id, kind, version)
        session.expunge(stored)
        found = readable(stored.content)
        kept.versions[kind] = version
        kept.names[kind] = f"site {version}" if found else models.default().name
        kept.good[kind] = Good(**stored.good) if stored.good else NOTHING_PROVEN
        if kind is Kind.CONDUCT:
            kept.conduct = Taught(found) if found else None
            continue
        kept.filter.adopt(found)
        kept.taught_until = stored.taught_until
        # What came later shall move the new model, as it has moved the one before.
        later = filters.lessons(session, site.id, after=kept.taught_until, most=MOST_LESSONS)
        for lesson in later:
            _nudge(kept, site, lesson)


def readable(content: bytes | None) -> SiteModel | None:
    """None also where the shipped model has changed since: until the next fit it judges alone."""
    if content is None:
        return None
    try:
        return site_bytes.from_bytes(content, models.default())
    except Unreadable:
        return None


def _learn(session: Session, site: SiteRecord, kept: Kept) -> None:
    """Newer decisions at once, older ones bit by bit."""
    is_first = kept.learnt_until == LONG_AGO
    after = LONG_AGO if is_first else kept.learnt_until - OVERLAP
    most = FIRST_LESSONS if is_first else MOST_LESSONS
    newer = filters.lessons(session, site.id, after=after, most=most)
    for lesson in newer:
        if lesson.decision_id not in kept.learnt:
            _enter(kept, site, lesson)
            _nudge(kept, site, lesson)
    if newer:
        kept.learnt = {lesson.decision_id for lesson in newer}
        kept.learnt_until = newer[-1].decided_at
    if is_first and newer:
        kept.learnt_from = newer[0].decided_at, newer[0].decision_id
    elif kept.older > 0:
        _learn_older(session, site, kept)


def _learn_older(session: Session, site: SiteRecord, kept: Kept) -> None:
    most = min(kept.older, FURTHER_LESSONS)
    older = filters.lessons(session, site.id, before=kept.learnt_from, most=most)
    for lesson in reversed(older):
        if not kept.filter.has_judged(str(lesson.comment_id)):
            _enter(kept, site, lesson)
    if older:
        kept.learnt_from = older[0].decided_at, older[0].decision_id
    kept.older = kept.older - most if older else 0


def _enter(kept: Kept, site: SiteRecord, lesson: Lesson) -> None:
    """What is like a rejected comment shall be found, whatever that was rejected for."""
    comment_id = str(lesson.comment_id)
    kept.is_spam[comment_id] = lesson.is_spam
    kept.filter.learn(
        kept.filter.read(_comment(lesson, site)), id=comment_id, label=int(not lesson.is_good)
    )


def _nudge(kept: Kept, site: SiteRecord, lesson: Lesson) -> None:
    if lesson.is_good or lesson.is_spam:
        kept.filter.nudge(kept.filter.read(_comment(lesson, site)), label=int(lesson.is_spam))


def _comment(lesson: Lesson, site: SiteRecord) -> Comment:
    return Comment(lesson.body, lesson.author_name, own_hosts=own_hosts(site))


def own_hosts(site: SiteRecord) -> frozenset[str]:
    return _hosts(site.origins)


@lru_cache(maxsize=SITES)  # asked for each comment
def _hosts(origins: frozenset[str]) -> frozenset[str]:
    return frozenset(host_of(origin).removeprefix("www.") for origin in origins)


def _remember(session: Session, site: SiteRecord, kept: Kept) -> None:
    """Texts that others screened meanwhile, or that were screened before this process began."""
    if time.monotonic() < kept.traced_at + TRACES_EVERY:
        return
    kept.traced_at = time.monotonic()
    after = kept.traced_until
    if after > LONG_AGO:
        after -= OVERLAP
    for text in filters.traced(session, site.id, after=after, most=TRACES):
        kept.traced_until = text.decided_at
        comment_id = str(text.comment_id)
        if text.campaign_id is not None:
            kept.enter(comment_id, text.campaign_id)
        if not kept.filter.knows(comment_id):
            alone = text.campaign_id is None and text.state == State.APPROVED
            seen = traces.from_bytes(text.trace)
            like = kept.filter.waiting_like(seen, but=comment_id)
            kept.filter.remember(seen, id=comment_id, ordinary=alone, like=like)
