"""The same text again is held, unless it is something that anybody might say."""

import pytest

from service.domain.findings import Verdict
from service.domain.policy import Policy, RepetitionPolicy
from service.domain.submission import Earlier, Facts, Submission
from workers.checks.repetition import check_repetition

LONG = "This is a text that nobody writes twice by chance"
SHORT = "I agree"


def earlier(similarity=1.0, *, own=False, minutes=5.0, comment="c1"):
    return Earlier(comment, similarity, own, minutes)


def checked(body, *found, **policy):
    settings = RepetitionPolicy(**{"similarity": 0.9, "min_letters": 20} | policy)
    return check_repetition(
        Submission(body, facts=Facts(earlier=found)), Policy(repetition=settings)
    )


@pytest.mark.parametrize(
    ("body", "found", "verdict"),
    [
        (LONG, earlier(), Verdict.HOLD),
        (LONG, earlier(0.9), Verdict.HOLD),
        (LONG, earlier(0.89), Verdict.PASS),
        (LONG, earlier(own=True), Verdict.HOLD),
        (SHORT, earlier(own=True), Verdict.HOLD),
        (SHORT, earlier(), Verdict.PASS),
        ("I\u200b" * 30 + " ", earlier(), Verdict.HOLD),
        ("\u200b" * 30 + "I", earlier(), Verdict.PASS),
    ],
)
def test_who_repeated_what_decides(body, found, verdict):
    assert checked(body, found).verdict is verdict


def test_nothing_earlier_passes():
    assert checked(LONG).verdict is Verdict.PASS


def test_no_window_means_no_check():
    assert checked(LONG, earlier(), window_minutes=0).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.5, "less than a minute ago"),
        (1.0, "1 minute ago"),
        (59.0, "59 minutes ago"),
        (60.0, "1 hour ago"),
        (1_439.0, "23 hours ago"),
        (3_000.0, "2 days ago"),
    ],
)
def test_the_reason_says_how_long_ago(minutes, words):
    assert words in checked(LONG, earlier(minutes=minutes)).reason


def test_the_reason_names_the_closest_and_how_many():
    finding = checked(
        LONG, earlier(0.93), earlier(0.98, comment="c2"), earlier(own=True, comment="c3")
    )
    assert finding.reason == (
        "This author sent the same text 5 minutes ago: comment c3."
        " Somebody else sent a text 98 % the same 5 minutes ago (2 times in all): comment c2."
    )
    assert finding.score == 1.0


def test_the_score_is_of_what_held_the_comment():
    assert checked(SHORT, earlier(0.92, own=True), earlier(1.0)).score == 0.92
