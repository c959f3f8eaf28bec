"""Learning: fit each site's own models to what its moderators have decided since.

A round is a process of its own, so that nobody's comment waits for it.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions import learning as actions
from service.store import claims, filters, sites
from service.store.filters import LONG_AGO, FilterModel, Kind, Lesson
from service.store.sites import SiteRecord
from workers.filter import fitting, site_bytes
from workers.filter import model as models
from workers.filter.fitting import Lessons, Outcome
from workers.filter.scoring import SiteFilter
from workers.filter.site import MIN_LABELS, MIN_OF_EACH, Label, SiteModel
from workers.filter.views import Comment
from workers.site_filters import own_hosts, readable

log = logging.getLogger(__name__)

MOST = 10_000  # decisions, the newest
NEW_SHARE = 0.05  # of the decisions; when so many are new, it is time
LONGEST_WAIT = timedelta(minutes=10)  # for fewer

# What each kind of model learns from a decision: 1, 0, or nothing.
LESSONS: dict[Kind, Callable[[Lesson], int | None]] = {
    Kind.SPAM: lambda one: 1 if one.is_spam else 0 if one.is_good else None,
    Kind.CONDUCT: lambda one: 0 if one.is_good else None if one.is_spam else 1,
}

TAKES = f"takes {MIN_LABELS} decisions, {MIN_OF_EACH} of them approvals and as many rejections"
WORSE = "Not adopted: on decisions that neither had seen, the model before judges better."
WHY = {
    (Kind.SPAM, Outcome.TOO_FEW): f"The shipped model judges: a site's own {TAKES}.",
    (Kind.SPAM, Outcome.NO_BETTER): (
        "The shipped model judges: it does so as well as the site's own would."
    ),
    (Kind.SPAM, Outcome.WORSE): WORSE,
    (Kind.SPAM, Outcome.BETTER): (
        "Adopted: on decisions that it had not seen, it judges better than the shipped model."
    ),
    (Kind.CONDUCT, Outcome.TOO_FEW): f"No score: it {TAKES} for other reasons than spam.",
    (Kind.CONDUCT, Outcome.NO_BETTER): (
        "No score: what moderators rejected for other reasons than spam follows no rule that a"
        " model finds."
    ),
    (Kind.CONDUCT, Outcome.WORSE): WORSE,
    (Kind.CONDUCT, Outcome.BETTER): "Adopted: it judges decisions that it had not seen.",
}


def learn_all(session: Session) -> int:
    """Fit what is due; answers how many versions were made."""
    made = 0
    for site_id in filters.site_ids(session):
        for kind in Kind:
            if _is_due(session, site_id, kind):
                site = sites.find_by_id(session, site_id)
                made += _learn(session, site, kind)
    return made


def _is_due(session: Session, site_id: UUID, kind: Kind) -> bool:
    last = filters.newest(session, site_id, kind)
    count, since = filters.untaught(session, site_id, after=last.taught_until if last else LONG_AGO)
    if since is None:
        return False
    if last is None:
        return count >= MIN_LABELS
    waited = claims.clock(session) - since
    return count >= NEW_SHARE * last.labels or waited >= LONGEST_WAIT


def _learn(session: Session, site: SiteRecord, kind: Kind) -> bool:
    shipped, last = models.default(), filters.newest(session, site.id, kind)
    decided = filters.lessons(session, site.id, most=MOST)
    before = _in_effect(session, site, kind)
    version, taught_until = (last.version + 1, last.taught_until) if last else (1, LONG_AGO)
    session.rollback()  # fitting takes long, and nobody should wait for it; nothing is read below
    lessons = _lessons(decided, site, kind, last=taught_until)
    fitted = fitting.fit(lessons, before=before)
    used = fitted.model if fitted.is_adopted else None
    made = FilterModel(
        site_id=site.id,
        kind=kind,
        version=version,
        taught_until=decided[-1].decided_at,
        labels=len(lessons.labels),
        adopted=fitted.is_adopted,
        why=WHY[kind, fitted.outcome],
        content=site_bytes.to_bytes(used, shipped) if used else None,
        good=asdict(fitted.good),
        figures=fitted.figures,
    )
    kept = actions.keep_model(session, made)
    log.info("learnt", extra={"site": site.key, "kind": kind, "labels": made.labels, "kept": kept})
    return kept


def _in_effect(session: Session, site: SiteRecord, kind: Kind) -> SiteModel | None:
    version = filters.in_effect(session, site.id).get(kind)
    if version is None:
        return None
    return readable(filters.model(session, site.id, kind, version).content)


def _lessons(decided: Sequence[Lesson], site: SiteRecord, kind: Kind, *, last: datetime) -> Lessons:
    """What is true now: a decision that was taken back or changed teaches nothing any more."""
    reader, own = SiteFilter(models.default()), own_hosts(site)
    latest = {lesson.revision_id: lesson for lesson in decided}
    labels: list[Label] = []
    facts: list[float] = []
    new: set[str] = set()
    for id, lesson in latest.items():
        label = LESSONS[kind](lesson)
        if label is None:
            continue
        read = reader.read(Comment(lesson.body, lesson.author_name, own_hosts=own))
        one = read.label(id=str(id), label=label)
        # Nothing shipped knows what else a site does not want.
        labels.append(one if kind is Kind.SPAM else replace(one, shipped=0.0))
        facts.append((lesson.facts_logit or 0.0) if kind is Kind.SPAM else 0.0)
        if lesson.decided_at > last:
            new.add(str(id))
    return Lessons(labels, facts, new)
