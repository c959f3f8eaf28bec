"""Signs that a program filled in the form: a field that people cannot see, or no time to type."""

from service.domain.findings import SEVERITY, Finding, Verdict
from service.domain.policy import Action, Policy
from service.domain.submission import Submission


def check_form(submission: Submission, policy: Policy) -> Finding:
    problems: list[tuple[Verdict, str]] = []
    if submission.form_trap_filled and policy.form.trap is not Action.IGNORE:
        reason = "The field that people cannot see was filled in, as programs do."
        problems.append((Verdict(policy.form.trap.value), reason))
    haste = _haste(submission.form_seconds, policy.form.min_seconds)
    if haste:
        problems.append((Verdict.HOLD, haste))
    if not problems:
        return Finding("form")
    verdict = max((verdict for verdict, _ in problems), key=SEVERITY.__getitem__)
    reasons = " ".join(reason for _, reason in problems)
    return Finding("form", verdict, reasons, is_spam=verdict is Verdict.REJECT)


def _haste(seconds: float | None, least: float) -> str:
    if seconds is None or least == 0:
        return ""
    if not seconds >= 0:  # NaN as well: the form was tampered with
        return "The form says that it was sent before it was shown."
    if seconds < least:
        return f"The form was sent after {seconds:.1f} seconds; people take at least {least:g}."
    return ""
