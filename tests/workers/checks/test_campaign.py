"""Variants of what was rejected, and bursts of what nobody has judged."""

import pytest

from service.domain.findings import Verdict
from service.domain.opinions import Burst, Filtered, Opinion, Variant
from service.domain.policy import Action, CampaignPolicy, Policy
from service.domain.submission import Facts, Submission
from workers.checks.campaign import check_campaign

SPAM = Opinion(-3.0, "shipped", (), hold_from=-1.0, reject_from=None)


def finding(policy=None, **like):
    submission = Submission("Hello", facts=Facts(filtered=Filtered(SPAM, **like)))
    return check_campaign(submission, Policy(campaigns=policy or CampaignPolicy()))


def test_nearly_the_text_of_a_rejected_comment_is_rejected():
    found = finding(variant=Variant("c1", "text", 0.8))
    assert (found.verdict, found.is_spam) == (Verdict.REJECT, True)
    assert found.reason == (
        "This is nearly the text (80 % alike) of a comment that was rejected as spam: comment c1."
    )


def test_what_was_rejected_for_another_reason_is_not_called_spam():
    found = finding(variant=Variant("c1", "text", 0.8, is_spam=False))
    assert (found.verdict, found.is_spam) == (Verdict.REJECT, False)


@pytest.mark.parametrize(
    "variant",
    [
        Variant("c1", "text", 0.4),
        Variant("c1", "wording", 0.9),
        Variant("c1", "anchor", 1.0, "host:cheap.example"),
    ],
)
def test_what_only_shares_something_is_held(variant):
    found = finding(variant=variant)
    assert found.verdict is Verdict.HOLD
    assert "comment c1" in found.reason


def test_a_burst_is_held_from_its_size_on():
    assert finding(burst=Burst("c1", 1)).verdict is Verdict.PASS
    found = finding(burst=Burst("c1", 2))
    assert found.verdict is Verdict.HOLD
    assert found.reason.startswith("2 comments like this one came before it")


def test_the_policy_may_ignore_both():
    policy = CampaignPolicy(variants=Action.IGNORE, burst=Action.IGNORE)
    assert finding(policy, variant=Variant("c1", "text", 0.8)).verdict is Verdict.PASS
    assert finding(policy, burst=Burst("c1", 9)).verdict is Verdict.PASS
    assert check_campaign(Submission("x"), Policy(campaigns=policy)).verdict is Verdict.PASS


def test_what_could_not_be_compared_is_held():
    assert check_campaign(Submission("x"), Policy()).verdict is Verdict.HOLD
