"""More comments than usual: by one author, from one address, or in one thread."""

from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.submission import Submission


def check_flood(submission: Submission, policy: Policy) -> Finding:
    flood, facts = policy.flood, submission.facts
    if flood.window_minutes == 0:
        return Finding("flood")
    counts = (
        (facts.author_in_window, flood.per_author, "by this author"),
        (facts.address_in_window, flood.per_address, "from this address"),
        (facts.thread_in_window, flood.per_thread, "in this thread"),
    )
    minutes = "a minute" if flood.window_minutes == 1 else f"{flood.window_minutes} minutes"
    # The counts are of comments before this one, which is one more.
    reasons = [
        f"This is comment number {before + 1} {whose} within {minutes}; {allowed} may pass."
        for before, allowed, whose in counts
        if before >= allowed
    ]
    return Finding("flood", Verdict.HOLD, " ".join(reasons)) if reasons else Finding("flood")
