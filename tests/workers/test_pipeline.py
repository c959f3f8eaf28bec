"""Running checks: all of them, whatever each does."""

from typing import Any, cast

import pytest

from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.submission import Submission
from workers import pipeline


def check_fine(_submission: Submission, _policy: Policy) -> Finding:
    return Finding("fine")


def check_broken(_submission: Submission, _policy: Policy) -> Finding:
    raise RecursionError


def test_all_checks_run_even_after_one_failed() -> None:
    findings = pipeline.run(Submission("x"), Policy(), [check_broken, check_fine])
    assert [(finding.check, finding.verdict) for finding in findings] == [
        ("broken", Verdict.HOLD),
        ("fine", Verdict.PASS),
    ]


@pytest.mark.parametrize("junk", [None, "pass", Finding("junk", cast(Verdict, "pass"))])
def test_a_check_that_answers_with_something_else_has_failed(junk: Any) -> None:
    def check_junk(_submission: Submission, _policy: Policy) -> Finding:
        return cast(Finding, junk)

    [finding] = pipeline.run(Submission("x"), Policy(), [check_junk])
    assert (finding.check, finding.verdict) == ("junk", Verdict.HOLD)
    assert "TypeError" in finding.reason
