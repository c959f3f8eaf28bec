"""The filter's opinion becomes a verdict within what the policy lets it do."""

import pytest

from service.domain.findings import Contribution, Span, Verdict
from service.domain.opinions import Filtered, Opinion
from service.domain.policy import Policy, Power, SpamPolicy
from service.domain.submission import Facts, Submission
from workers.checks.spam import check_spam

WHY = (
    Contribution("'free followers'", 2.1, Span(4, 18)),
    Contribution("mentions the article's subject", -0.8),
    Contribution("new author", 0.4),
    Contribution("before reading it", -1.5),
)


def finding(logit, power=Power.REJECT, *, hold_from=-1.0, reject_from=3.0):
    opinion = Opinion(logit, "site 3", WHY, hold_from=hold_from, reject_from=reject_from)
    submission = Submission("Get free followers", facts=Facts(filtered=Filtered(opinion)))
    return check_spam(submission, Policy(spam=SpamPolicy(power=power)))


@pytest.mark.parametrize(
    ("logit", "power", "verdict"),
    [
        (-1.1, Power.REJECT, Verdict.PASS),
        (-1.0, Power.REJECT, Verdict.HOLD),
        (3.0, Power.REJECT, Verdict.REJECT),
        (9.0, Power.HOLD, Verdict.HOLD),
        (9.0, Power.HINT, Verdict.PASS),
        (9.0, Power.OFF, Verdict.PASS),
    ],
)
def test_three_bands_within_its_power(logit, power, verdict):
    found = finding(logit, power)
    assert found.verdict is verdict
    assert found.is_spam is (verdict is Verdict.REJECT)


def test_without_a_promise_it_does_not_reject():
    assert finding(9.0, reject_from=None).verdict is Verdict.HOLD


def test_the_reason_names_what_speaks_for_it_and_against_it():
    found = finding(2.0)
    assert found.reason == (
        "Spam: 88.1 % likely; held from 26.9 % on. For it: 'free followers' +2.1, new author +0.4;"
        " against it: mentions the article's subject \N{MINUS SIGN}0.8."
    )
    assert found.spans == (Span(4, 18),)
    assert (found.model, len(found.signals)) == ("site 3", 4)


def test_it_never_claims_to_be_certain():
    assert "99.99 %" in finding(50.0).reason


def test_what_it_could_not_read_is_held():
    found = check_spam(Submission("Hello"), Policy())
    assert found.verdict is Verdict.HOLD
    assert check_spam(Submission("Hello"), Policy(spam=SpamPolicy(power=Power.OFF))).reason == ""
