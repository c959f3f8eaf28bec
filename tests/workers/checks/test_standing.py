"""What moderators decided about an author decides about what they write next."""

from datetime import UTC, datetime

import pytest

from service.domain.findings import Verdict
from service.domain.policy import NewcomerPolicy, Policy
from service.domain.standings import AuthorsPolicy, Entry, Standing, WhenBanned
from service.domain.submission import Facts, Submission
from workers.checks.newcomer import check_newcomer
from workers.checks.standing import check_standing

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
HOLDING = Policy(authors=AuthorsPolicy(banned=WhenBanned.HOLD))


def by(*standings: str, until: datetime | None = None, reason: str | None = None) -> Submission:
    """Something by who stands so: `standing` for the author, `kind:standing` for others."""
    entries = [
        Entry(f"{kind or 'author'}:x", 1, Standing(standing), SINCE, until, reason, "ann")
        for kind, _, standing in (one.rpartition(":") for one in standings)
    ]
    return Submission("Hello", facts=Facts(standings=tuple(entries)))


@pytest.mark.parametrize(
    ("submission", "verdict"),
    [
        (by(), Verdict.PASS),
        (by("trusted"), Verdict.PASS),
        (by("watched"), Verdict.HOLD),
        (by("muted"), Verdict.HOLD),
        (by("banned"), Verdict.REJECT),
        (by("email:banned"), Verdict.REJECT),
        (by("address:banned"), Verdict.HOLD),
        (by("trusted", "email:watched"), Verdict.HOLD),
        (by("address:banned", "banned"), Verdict.REJECT),
    ],
)
def test_the_worst_standing_decides(submission, verdict):
    assert check_standing(submission, Policy()).verdict is verdict


def test_a_site_may_have_a_person_look_at_what_the_banned_write():
    assert check_standing(by("banned"), HOLDING).verdict is Verdict.HOLD


def test_the_reason_says_who_decided_what_and_until_when():
    until = datetime(2026, 12, 3, 14, tzinfo=UTC)
    assert check_standing(by("muted", until=until, reason="abuse"), Policy()).reason == (
        "This author is muted until 03 December 2026, 14:00 UTC, reason: abuse (by ann)."
    )
    assert check_standing(by("address:banned", "email:watched"), Policy()).reason == (
        "The network address that this came from is banned (by ann)."
        " The author's e-mail address is watched (by ann)."
    )


def test_the_trusted_are_no_newcomers():
    policy = Policy(newcomer=NewcomerPolicy(first_comments=3))
    assert check_newcomer(by("trusted"), policy).verdict is Verdict.PASS
    assert check_newcomer(by("watched"), policy).verdict is Verdict.HOLD
