"""Running checks: all of them, whatever each does."""

import pytest

from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.submission import Submission
from workers import pipeline
from workers.confinement import OutOfTime


def check_fine(_submission: Submission, _policy: Policy) -> Finding:
    return Finding("fine")


def check_broken(_submission: Submission, _policy: Policy) -> Finding:
    raise RecursionError


def check_endless(_submission: Submission, _policy: Policy) -> Finding:
    raise OutOfTime


def test_all_checks_run_even_after_one_failed() -> None:
    findings = pipeline.run(Submission("x"), Policy(), [check_broken, check_fine])
    assert [(finding.check, finding.verdict) for finding in findings] == [
        ("broken", Verdict.HOLD),
        ("fine", Verdict.PASS),
    ]


def test_the_end_of_time_ends_the_batch() -> None:
    with pytest.raises(OutOfTime):
        pipeline.run(Submission("x"), Policy(), [check_endless])
