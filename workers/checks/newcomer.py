"""The first comments of a new author, which some sites want to see before they are published."""

from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.submission import Submission


def check_newcomer(submission: Submission, policy: Policy) -> Finding:
    approved, needed = submission.facts.author_approved, policy.newcomer.first_comments
    if approved >= needed or submission.facts.author_is_trusted:
        return Finding("newcomer")
    so_far = "None" if approved == 0 else f"Only {approved}"
    return Finding(
        "newcomer",
        Verdict.HOLD,
        f"{so_far} of this author's comments {'was' if approved < 2 else 'were'} approved so far;"
        f" the first {needed} are held.",
    )
