"""Capitals throughout, one key held down, and walls of emoji are held."""

import pytest

from service.domain.findings import Verdict
from service.domain.policy import Policy, ShoutingPolicy
from service.domain.submission import Submission
from workers.checks.shouting import check_shouting

BOUNDS = ShoutingPolicy(capitals_share=0.7, min_letters=10, repeated_characters=5, max_emoji=2)


def checked(body):
    return check_shouting(Submission(body), Policy(shouting=BOUNDS))


@pytest.mark.parametrize(
    "body",
    [
        "An ordinary sentence.",
        "WOW OK",
        "NASA and the ESA agree on Mars",
        "这是一个没有大小写的句子这是一个没有大小写的句子",
        "see http://EXAMPLE.COM/AAAAAAAAAAA now",
        "hmmmmm",
        "a\n\n\n\n\n\n\n\n\nb",
        "👨‍👩‍👧‍👦 👍🏽",
        "🇩🇪🇫🇷",
        "❤️❤️",
        "5️⃣ 6️⃣",
        "\ufe0f" * 50,
        "™ ← →",
        "",
    ],
)
def test_ordinary_voices_pass(body):
    assert checked(body).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("THIS IS LOUD", "100 % of the 10 letters are capitals; 70 % may pass."),
        ("ЭТО ОЧЕНЬ ГРОМКО", "of the 14 letters are capitals"),
        ("noooooo", "'o' is repeated 6 times in a row; 5 may pass."),
        ("no" + "o\u200b" * 6, "is repeated 7 times"),
        ("noOoOoOo", "is repeated 7 times"),
        ("!!!!!! ??????? ", "'?' is repeated 7 times"),
        ("👍🏽👍🏽👍🏽", "There are 3 emoji; 2 may pass."),
        ("🇩🇪 🇫🇷 🇮🇹", "There are 3 emoji"),
        ("👨‍👩‍👧 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿", "There are 3 emoji"),
        ("5️⃣6️⃣7️⃣", "There are 3 emoji"),
        ("\U0001f3fd" * 3, "There are 3 emoji"),
    ],
)
def test_shouting_is_held_with_the_limit(body, reason):
    finding = checked(body)
    assert finding.verdict is Verdict.HOLD
    assert reason in finding.reason


def test_runs_and_emoji_are_pointed_at():
    body = "aaaaaa 👍👍🏽👍 bbbbbb"
    pointed = [body[span.start : span.end] for span in checked(body).spans]
    assert pointed == ["aaaaaa", "bbbbbb", "👍", "👍🏽", "👍"]
