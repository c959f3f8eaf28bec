"""Comments have a length that a reader would measure."""

import pytest

from service.domain.findings import Verdict
from service.domain.policy import LengthPolicy, Policy
from service.domain.submission import Submission
from workers.checks.length import check_length

BOUNDS = LengthPolicy(min_characters=2, max_characters=20, max_lines=3, max_word=10)


def checked(body):
    return check_length(Submission(body), Policy(length=BOUNDS))


@pytest.mark.parametrize(
    "body",
    [
        "ok",
        "twenty characters ok",
        "twenty characters o\u200b\u200b\u200b" + "k",
        "e\u0301" * 10,
        "a\nb\nc",
        "👍👍",
        "5 %",
        "你好",
        "http://a.com/234567",
    ],
)
def test_ordinary_lengths_pass(body):
    finding = checked(body)
    assert finding.verdict is Verdict.PASS
    assert finding.reason == ""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("k", "The comment needs at least 2 visible characters; it has 1."),
        (" k\u200b\u200b ", "The comment needs at least 2 visible characters; it has 1."),
        ("twenty-one charact ers", "The comment has 22 characters; 20 may pass."),
        ("a\nb\u2028c\nd", "The comment has 4 lines; 3 may pass."),
        ("a longgggwor\u200bdd", "A word has 12 characters; 10 may pass."),
        ("?!...", "The comment has no letter, digit or emoji: it looks empty."),
        ("\u2800\u2800\u2800", "looks empty"),
        ("\u200b\u200c\u200d\ufeff\u2060", "looks empty"),
        ("", "looks empty"),
    ],
)
def test_other_lengths_are_held_with_the_limit(body, reason):
    finding = checked(body)
    assert finding.verdict is Verdict.HOLD
    assert reason in finding.reason


def test_the_long_word_is_pointed_at():
    body = "a longgggwordd b"
    assert [body[span.start : span.end] for span in checked(body).spans] == ["longgggwordd"]


def test_several_problems_make_one_finding():
    assert checked("......................\n\n\n\n").reason.count(".") > 3
