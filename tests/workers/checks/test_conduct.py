"""What moderators reject for other reasons than spam: a hint until it has proven itself."""

from service.domain.findings import Verdict
from service.domain.opinions import Filtered, Opinion
from service.domain.policy import Action, ConductPolicy, Policy
from service.domain.submission import Facts, Submission
from workers.checks.conduct import check_conduct

SPAM = Opinion(-3.0, "shipped", (), hold_from=-1.0, reject_from=None)


def finding(logit, action=Action.HOLD, *, hold_from=1.0):
    conduct = Opinion(logit, "site 1", (), hold_from=hold_from, reject_from=None)
    submission = Submission("You fool", facts=Facts(filtered=Filtered(SPAM, conduct)))
    return check_conduct(submission, Policy(conduct=ConductPolicy(action=action)))


def test_it_is_a_hint_until_it_has_proven_itself():
    found = finding(4.0, hold_from=None)
    assert found.verdict is Verdict.PASS
    assert "Only a hint" in found.reason
    assert found.score > 0.9


def test_it_holds_once_it_has_and_never_rejects():
    assert finding(4.0).verdict is Verdict.HOLD
    assert finding(0.5).verdict is Verdict.PASS
    assert finding(99.0, Action.REJECT).verdict is Verdict.HOLD


def test_the_policy_may_ignore_it():
    assert finding(4.0, Action.IGNORE).score is None
    assert check_conduct(Submission("You fool"), Policy()).verdict is Verdict.PASS
