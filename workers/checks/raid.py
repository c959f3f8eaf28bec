"""A raid on the thread or the site: until it is over, a person sees every comment first."""

from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.submission import Submission


def check_raid(submission: Submission, _policy: Policy) -> Finding:
    reason = submission.facts.raid
    if reason is None:
        return Finding("raid")
    return Finding("raid", Verdict.HOLD, f"Every comment is read first: {reason}.")
