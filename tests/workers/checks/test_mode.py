"""Only open threads publish what no moderator has seen."""

import pytest

from service.domain.findings import Verdict
from service.domain.policy import Mode, Policy
from service.domain.submission import Facts, Submission
from workers.checks.mode import check_mode


def checked(mode):
    return check_mode(Submission("Hello", facts=Facts(thread_mode=mode)), Policy())


def test_open_threads_pass():
    assert checked(Mode.OPEN).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("mode", "word"), [(Mode.PREMODERATED, "premoderated"), (Mode.CLOSED, "closed")]
)
def test_other_threads_hold_and_say_why(mode, word):
    finding = checked(mode)
    assert finding.verdict is Verdict.HOLD
    assert word in finding.reason
