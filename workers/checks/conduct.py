"""What the site's moderators would likely reject for another reason than spam.

Nobody else's idea of good conduct is in it: without their decisions it says nothing.
"""

from service.domain.findings import Finding, Verdict
from service.domain.policy import Action, Policy
from service.domain.submission import Submission


def check_conduct(submission: Submission, policy: Policy) -> Finding:
    filtered = submission.facts.filtered
    opinion = filtered.conduct if filtered else None
    if policy.conduct.action is Action.IGNORE or opinion is None:
        return Finding("conduct")
    may_reject = policy.conduct.action is Action.REJECT
    verdict = opinion.verdict(may_reject=may_reject)
    hint = "" if opinion.hold_from is not None else " Only a hint, until it has proven itself."
    return Finding(
        "conduct",
        verdict,
        f"Unwanted by this site's moderators: {opinion.why(verdict)}{hint}",
        spans=opinion.spans() if verdict is not Verdict.PASS else (),
        score=opinion.probability,
        model=opinion.model,
        signals=tuple(opinion.contributions),
    )
