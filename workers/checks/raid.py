"""A raid on the thread or the site: until it is over, a person sees every comment first."""

from service.domain.findings import Finding
from service.domain.policy import Policy
from service.domain.raids import found
from service.domain.submission import Submission


def check_raid(submission: Submission, _policy: Policy) -> Finding:
    reason = submission.facts.raid
    return Finding("raid") if reason is None else found(reason)
