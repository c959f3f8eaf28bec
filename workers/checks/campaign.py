"""Variants of what was rejected, and many comments alike that nobody has judged."""

from service.domain.findings import Finding, Verdict
from service.domain.opinions import Burst, Variant
from service.domain.policy import Action, CampaignPolicy, Policy
from service.domain.submission import Submission

VERDICTS = {Action.HOLD: Verdict.HOLD, Action.REJECT: Verdict.REJECT}


def check_campaign(submission: Submission, policy: Policy) -> Finding:
    filtered, bounds = submission.facts.filtered, policy.campaigns
    if filtered is None:
        return _unread(bounds)
    if filtered.variant and bounds.variants is not Action.IGNORE:
        return _variant(filtered.variant, bounds, submission.facts.author_is_trusted)
    if filtered.burst and bounds.burst is not Action.IGNORE:
        return _burst(filtered.burst, bounds)
    return Finding("campaign")


def _unread(bounds: CampaignPolicy) -> Finding:
    if bounds.variants is bounds.burst is Action.IGNORE:
        return Finding("campaign")
    reason = "This comment could not be compared with others, so a person has to judge."
    return Finding("campaign", Verdict.HOLD, reason)


def _variant(variant: Variant, bounds: CampaignPolicy, is_trusted: bool) -> Finding:
    may_reject = variant.is_sure and not is_trusted
    verdict = VERDICTS[bounds.variants] if may_reject else Verdict.HOLD
    shared = variant.anchor.partition(":")[2]
    what = {
        "text": f"This is nearly the text ({100 * variant.likeness:.0f} % alike) of a comment",
        "wording": f"This shares {100 * variant.likeness:.0f} % of its wording with a comment",
        "anchor": f"This names '{shared}', as does a comment",
    }[variant.how]
    because = "as spam" if variant.is_spam else "by a moderator"
    return Finding(
        "campaign",
        verdict,
        f"{what} that was rejected {because}: comment {variant.comment_id}.",
        score=variant.likeness,
        is_spam=verdict is Verdict.REJECT and variant.is_spam,
    )


def _burst(burst: Burst, bounds: CampaignPolicy) -> Finding:
    if burst.earlier + 1 < bounds.burst_size:
        return Finding("campaign")
    return Finding(
        "campaign",
        VERDICTS[bounds.burst],
        f"{burst.earlier} comments like this one came before it, and no moderator has judged them."
        f" The first: comment {burst.first_id}.",
        is_spam=bounds.burst is Action.REJECT,
    )
