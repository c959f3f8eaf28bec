"""Programs give themselves away by how they fill in the form."""

import pytest

from service.domain.findings import Verdict
from service.domain.policy import Action, FormPolicy, Policy
from service.domain.submission import Submission
from workers.checks.form import check_form


def checked(*, trapped=False, seconds=None, **policy):
    submission = Submission("Hello", form_trap_filled=trapped, form_seconds=seconds)
    return check_form(submission, Policy(form=FormPolicy(**policy)))


@pytest.mark.parametrize(
    ("trap", "verdict", "is_spam"),
    [
        (Action.REJECT, Verdict.REJECT, True),
        (Action.HOLD, Verdict.HOLD, False),
        (Action.IGNORE, Verdict.PASS, False),
    ],
)
def test_the_policy_says_what_the_trap_does(trap, verdict, is_spam):
    finding = checked(trapped=True, trap=trap)
    assert (finding.verdict, finding.is_spam) == (verdict, is_spam)


@pytest.mark.parametrize("seconds", [0.0, 1.99, -1.0, float("nan"), float("-inf")])
def test_impossible_times_are_held(seconds):
    finding = checked(seconds=seconds, min_seconds=2)
    assert finding.verdict is Verdict.HOLD
    assert finding.reason


@pytest.mark.parametrize("seconds", [None, 2.0, 1e9, float("inf")])
def test_unknown_and_possible_times_pass(seconds):
    assert checked(seconds=seconds, min_seconds=2).verdict is Verdict.PASS


def test_no_least_time_means_no_check_of_it():
    assert checked(seconds=0.0, min_seconds=0).verdict is Verdict.PASS


def test_both_signs_together_give_both_reasons_and_the_worse_verdict():
    finding = checked(trapped=True, seconds=0.5)
    assert finding.verdict is Verdict.REJECT
    assert "cannot see" in finding.reason
    assert "after 0.5 seconds; people take at least 2" in finding.reason
