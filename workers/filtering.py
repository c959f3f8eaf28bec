"""What a site's filter says about each comment of a batch."""

import logging
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from service.domain.bands import (
    NOTHING_PROVEN,
    conduct_holds_from,
    holds_from,
    log_odds,
    rejects_from,
)
from service.domain.opinions import Filtered, Opinion
from service.domain.policy import Action, JudgedBy, Policy, Power
from service.domain.submission import Facts
from service.store.claims import Claimed
from service.store.filters import Kind
from service.store.moves import Traces
from service.store.sites import SiteRecord
from workers import site_filters
from workers.filter import model as models
from workers.filter import traces
from workers.filter.explaining import explained
from workers.filter.scoring import Read
from workers.filter.views import Comment
from workers.site_filters import Kept

log = logging.getLogger(__name__)

Said = tuple[Filtered, Traces]
WORTH_A_HINT = -1.5  # log-odds; below, nobody wants to know of a second score


def is_asked(policy: Policy) -> bool:
    rest = {policy.campaigns.variants, policy.campaigns.burst, policy.conduct.action}
    return policy.spam.power is not Power.OFF or rest != {Action.IGNORE}


def said(
    session: Session,
    site: SiteRecord,
    rows: Sequence[Claimed],
    known: Mapping[UUID, Facts],
    *,
    policy: Policy,
) -> dict[UUID, Said]:
    """By revision. Missing: the filter was not asked, or failed on that one."""
    if not is_asked(policy):
        return {}
    kept = site_filters.of(session, site)
    answers: dict[UUID, Said] = {}
    for row in rows:
        try:
            answers[row.id] = _said(kept, site, row, known[row.id], policy=policy)
        except Exception as error:
            # No message: it may quote the comment. Its check will hold it.
            log.error("the filter failed", extra={"error": type(error).__name__})
    return answers


def _said(kept: Kept, site: SiteRecord, row: Claimed, facts: Facts, *, policy: Policy) -> Said:
    id = str(row.comment_id)
    comment = Comment(
        row.body,
        row.author_name,
        context=row.page_title or "",
        own_hosts=site_filters.own_hosts(site),
        facts=_facts(row, facts),
    )
    read = kept.filter.read(comment)
    variant = kept.filter.variant(read, but=id, is_spam=kept.is_spam)
    waiting = None if variant else kept.filter.waiting_like(read.trace, but=id)
    burst = waiting.burst() if waiting else None
    spam = _of_spam(kept, read, policy)
    like = variant.comment_id if variant else burst.first_id if burst else None
    campaign = None if like is None else kept.campaign(like)
    if campaign is not None:
        kept.enter(id, campaign)
    ordinary = like is None and spam.hold_from is not None and spam.logit < spam.hold_from
    kept.filter.remember(read.trace, id=id, like=waiting, ordinary=ordinary)
    return (
        Filtered(spam, _of_conduct(kept, read, policy), variant, burst),
        Traces(trace=traces.to_bytes(read.trace), campaign_id=campaign, facts_logit=read.facts),
    )


def _facts(row: Claimed, facts: Facts) -> dict[str, float]:
    """Of an author without an address nothing is known, not even that they are new."""
    found: dict[str, float] = {}
    if row.author_id is not None:
        found["author_approved"] = facts.author_approved
        found["author_rejected"] = facts.author_rejected
    if row.form_seconds is not None:
        found["form_seconds"] = row.form_seconds
    return found


def _of_spam(kept: Kept, read: Read, policy: Policy) -> Opinion:
    shipped, promises = models.default(), policy.spam
    if promises.judged_by is JudgedBy.SHIPPED:
        thought, name, good = kept.filter.spam_as_shipped(read), shipped.name, NOTHING_PROVEN
    else:
        thought = kept.filter.spam(read)
        name = kept.names.get(Kind.SPAM, shipped.name)
        good = kept.good.get(Kind.SPAM, NOTHING_PROVEN)
    return Opinion(
        thought.logit,
        name,
        thought.contributions,
        hold_from=holds_from(
            good, share=promises.held_good, shipped=log_odds(shipped.calibration.hold)
        ),
        reject_from=rejects_from(good, share=promises.rejected_good),
    )


def _of_conduct(kept: Kept, read: Read, policy: Policy) -> Opinion | None:
    if kept.conduct is None or policy.conduct.action is Action.IGNORE:
        return None
    logit = kept.conduct.logit(read)
    if logit < WORTH_A_HINT:
        return None
    weighed = kept.conduct.weigh(read)
    return Opinion(
        logit,
        kept.names[Kind.CONDUCT],
        explained(read.found, weighed),
        hold_from=conduct_holds_from(kept.good[Kind.CONDUCT], share=policy.conduct.held_good),
        reject_from=None,
    )
