"""An edit is no way around a moderator."""

import pytest

from service.domain.findings import Verdict
from service.domain.policy import Policy
from service.domain.submission import Facts, Submission
from workers.checks.history import check_history


@pytest.mark.parametrize(("rejected", "verdict"), [(False, Verdict.PASS), (True, Verdict.HOLD)])
def test_a_comment_that_was_rejected_before_is_held(rejected, verdict):
    submission = Submission("Better now", facts=Facts(rejected_before=rejected))
    assert check_history(submission, Policy()).verdict is verdict
