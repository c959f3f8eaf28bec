"""While a raid is on, a person sees every comment first, and is told why."""

from service.domain.findings import Verdict
from service.domain.policy import Policy
from service.domain.submission import Facts, Submission
from workers.checks.raid import check_raid


def test_without_a_raid_it_passes():
    assert check_raid(Submission("Hello"), Policy()).verdict is Verdict.PASS


def test_a_raid_holds_and_gives_its_reason():
    facts = Facts(raid="a raid: 140 comments in 5 minutes, 92% by newcomers")
    finding = check_raid(Submission("Hello", facts=facts), Policy())
    assert finding.verdict is Verdict.HOLD
    assert "140 comments in 5 minutes" in finding.reason
