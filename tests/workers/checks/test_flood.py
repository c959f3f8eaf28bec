"""More comments than usual are held."""

import pytest

from service.domain.findings import Verdict
from service.domain.policy import FloodPolicy, Policy
from service.domain.submission import Facts, Submission
from workers.checks.flood import check_flood

BOUNDS = {"window_minutes": 5, "per_author": 3, "per_address": 4, "per_thread": 6}


def checked(facts, **changes):
    return check_flood(Submission("Hi", facts=facts), Policy(flood=FloodPolicy(**BOUNDS | changes)))


def test_as_many_as_allowed_pass():
    facts = Facts(author_in_window=2, address_in_window=3, thread_in_window=5)
    assert checked(facts).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (Facts(author_in_window=3), "comment number 4 by this author within 5 minutes; 3 may"),
        (Facts(address_in_window=4), "comment number 5 from this address"),
        (Facts(thread_in_window=6), "comment number 7 in this thread"),
    ],
)
def test_one_more_is_held(facts, words):
    finding = checked(facts)
    assert finding.verdict is Verdict.HOLD
    assert words in finding.reason


def test_every_reason_is_named():
    facts = Facts(author_in_window=9, address_in_window=9, thread_in_window=9)
    reason = checked(facts, window_minutes=1).reason
    assert reason.count("within a minute") == 3


def test_no_window_means_no_check():
    assert checked(Facts(author_in_window=999), window_minutes=0).verdict is Verdict.PASS
