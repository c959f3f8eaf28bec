"""Running all checks over one submission. A check that fails holds the comment, never frees it."""

import logging
from collections.abc import Sequence

from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.submission import Submission
from workers.checks import Check

log = logging.getLogger(__name__)


def run(submission: Submission, policy: Policy, checks: Sequence[Check]) -> list[Finding]:
    """One finding of each check, in the checks' order, which decides nothing."""
    return [_guarded(check, submission, policy) for check in checks]


def _guarded(check: Check, submission: Submission, policy: Policy) -> Finding:
    try:
        found = check(submission, policy)
        _ensure_sound(found)
        return found
    except Exception as error:
        name = check.__name__.removeprefix("check_")
        # No message and no traceback: both may quote the comment.
        log.error("a check failed", extra={"check": name, "error": type(error).__name__})
        reason = f"The check '{name}' failed ({type(error).__name__}), so a person has to judge."
        return Finding(name, Verdict.HOLD, reason)


def _ensure_sound(found: object) -> None:
    """Else it would be noticed when all are recorded, and other comments would suffer from it."""
    if not (isinstance(found, Finding) and isinstance(found.verdict, Verdict)):
        raise TypeError
