"""The first comments of a new author are held where the site wants it."""

import pytest

from service.domain.findings import Verdict
from service.domain.policy import NewcomerPolicy, Policy
from service.domain.submission import Facts, Submission
from workers.checks.newcomer import check_newcomer


@pytest.mark.parametrize(
    ("approved", "first", "verdict"),
    [
        (0, 0, Verdict.PASS),
        (0, 1, Verdict.HOLD),
        (1, 1, Verdict.PASS),
        (2, 3, Verdict.HOLD),
        (3, 3, Verdict.PASS),
    ],
)
def test_authors_are_new_until_enough_was_approved(approved, first, verdict):
    submission = Submission("Hello", facts=Facts(author_approved=approved))
    policy = Policy(newcomer=NewcomerPolicy(first_comments=first))
    assert check_newcomer(submission, policy).verdict is verdict


def test_the_reason_counts_both():
    submission = Submission("Hello", facts=Facts(author_approved=2))
    reason = check_newcomer(submission, Policy(newcomer=NewcomerPolicy(first_comments=5))).reason
    assert reason == "Only 2 of this author's comments were approved so far; the first 5 are held."
