"""How like spam a comment is to the site's filter, within what the policy promises."""

from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy, Power
from service.domain.submission import Submission


def check_spam(submission: Submission, policy: Policy) -> Finding:
    power = policy.spam.power
    if power is Power.OFF:
        return Finding("spam")
    if submission.facts.filtered is None:
        reason = "The spam filter could not read this comment, so a person has to judge."
        return Finding("spam", Verdict.HOLD, reason)
    opinion = submission.facts.filtered.spam
    may_reject = power is Power.REJECT and not submission.facts.author_is_trusted
    verdict = opinion.verdict(may_reject=may_reject)
    if power is Power.HINT:
        verdict = Verdict.PASS
    return Finding(
        "spam",
        verdict,
        "" if verdict is Verdict.PASS else f"Spam: {opinion.why(verdict)}",
        spans=opinion.spans() if verdict is not Verdict.PASS else (),
        score=opinion.probability,
        is_spam=verdict is Verdict.REJECT,
        model=opinion.model,
        signals=tuple(opinion.contributions),
    )
