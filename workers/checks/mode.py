"""What the thread's mode says: only open threads publish what no moderator has seen."""

from service.domain.findings import Finding, Verdict
from service.domain.policy import Mode, Policy
from service.domain.submission import Submission

REASONS = {
    Mode.PREMODERATED: "This thread is premoderated: a moderator sees every comment first.",
    Mode.CLOSED: "This thread was closed when the comment was checked.",
}


def check_mode(submission: Submission, _policy: Policy) -> Finding:
    reason = REASONS.get(submission.facts.thread_mode)
    return Finding("mode", Verdict.HOLD, reason) if reason else Finding("mode")
