"""What moderators decided about the author before: comments of the watched are held, and so on."""

from service.domain.findings import SEVERITY, Finding, Verdict
from service.domain.policy import Policy
from service.domain.standings import Entry, Kind, Standing, WhenBanned
from service.domain.submission import Submission

WHO = {
    Kind.AUTHOR: "This author",
    Kind.EMAIL: "The author's e-mail address",
    Kind.ADDRESS: "The network address that this came from",
}
VERDICTS = {WhenBanned.HOLD: Verdict.HOLD, WhenBanned.REJECT: Verdict.REJECT}


def check_standing(submission: Submission, policy: Policy) -> Finding:
    found = [
        (_verdict(entry, policy), _reason(entry))
        for entry in submission.facts.standings
        if entry.standing is not Standing.TRUSTED
    ]
    if not found:
        return Finding("standing")
    verdict = max((verdict for verdict, _ in found), key=SEVERITY.__getitem__)
    return Finding("standing", verdict, " ".join(reason for _, reason in found))


def _verdict(entry: Entry, policy: Policy) -> Verdict:
    if entry.standing is Standing.BANNED and entry.kind is not Kind.ADDRESS:
        return VERDICTS[policy.authors.banned]
    return Verdict.HOLD


def _reason(entry: Entry) -> str:
    until = f" until {entry.until:%d %B %Y, %H:%M} UTC" if entry.until else ""
    why = f", reason: {entry.reason}" if entry.reason else ""
    return f"{WHO[entry.kind]} is {entry.standing}{until}{why} (by {entry.by})."
