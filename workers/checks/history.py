"""What happened to earlier versions: an edit is no way around a moderator."""

from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.submission import Submission


def check_history(submission: Submission, _policy: Policy) -> Finding:
    if submission.facts.rejected_before:
        return Finding(
            "history", Verdict.HOLD, "A moderator rejected an earlier version of this comment."
        )
    return Finding("history")
