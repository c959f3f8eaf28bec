"""What happened to earlier versions: an edit is no way around a moderator or reports."""

from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.submission import Submission


def check_history(submission: Submission, _policy: Policy) -> Finding:
    if submission.facts.rejected_before:
        reason = (
            "An earlier version was rejected by a moderator, in part or whole, or held because of"
            " reports."
        )
        return Finding("history", Verdict.HOLD, reason)
    return Finding("history")
