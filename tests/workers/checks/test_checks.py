"""What holds for all checks."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.findings import SEVERITY, Contribution, Verdict, outcome, worst
from service.domain.opinions import Burst, Filtered, Opinion, Variant
from service.domain.policy import (
    LinksPolicy,
    Mode,
    NewcomerPolicy,
    Policy,
    ShoutingPolicy,
    WordsPolicy,
)
from service.domain.submission import Earlier, Facts, Submission
from workers.checks import CHECKS

STRICT = Policy(
    links=LinksPolicy(hold_above=0, reject_above=1, blocked_domains=("evil.com", "ü.de")),
    words=WordsPolicy(hold=("bad", "very bad", "рот", "裸", "👍"), reject=("worse",)),
    shouting=ShoutingPolicy(min_letters=1, repeated_characters=3, max_emoji=0),
    newcomer=NewcomerPolicy(first_comments=1),
)
WILD = st.text(
    st.one_of(
        st.sampled_from(
            "Aa1 .:/@!\n\u200b\u200d\u0301\ufe0f\U0001f3fd🇩👍裸р\ufdfa\u2028\x00\u202e"
        ),
        st.characters(),
    ),
    max_size=80,
)
OPINIONS = st.builds(
    Opinion,
    logit=st.floats(-50, 50),
    model=st.just("shipped"),
    contributions=st.lists(st.builds(Contribution, WILD, st.floats(-9, 9)), max_size=4).map(tuple),
    hold_from=st.none() | st.floats(-5, 5),
    reject_from=st.none() | st.floats(2, 9),
)
SUBMISSIONS = st.builds(
    Submission,
    body=WILD,
    page_url=st.none() | WILD,
    origins=st.lists(WILD, max_size=2).map(tuple),
    form_trap_filled=st.booleans(),
    form_seconds=st.none() | st.floats(),
    facts=st.builds(
        Facts,
        thread_mode=st.sampled_from(Mode),
        author_approved=st.integers(0, 5),
        author_in_window=st.integers(0, 500),
        rejected_before=st.booleans(),
        earlier=st.lists(
            st.builds(Earlier, WILD, st.floats(0, 1), st.booleans(), st.floats(0, 1e6)), max_size=3
        ).map(tuple),
        filtered=st.none()
        | st.builds(
            Filtered,
            OPINIONS,
            st.none() | OPINIONS,
            st.none()
            | st.builds(
                Variant, WILD, st.sampled_from(["text", "wording", "anchor"]), st.floats(0, 1)
            ),
            st.none() | st.builds(Burst, WILD, st.integers(1, 99)),
        ),
    ),
)
POLICIES = st.sampled_from([Policy(), STRICT])


def findings(submission, policy, checks=CHECKS):
    return [check(submission, policy) for check in checks]


def test_each_check_is_listed_once_and_names_its_module():
    names = [check(Submission("Hello there"), Policy()).check for check in CHECKS]
    assert names == [check.__module__.rpartition(".")[2] for check in CHECKS]
    assert len(set(names)) == len(CHECKS)


def test_an_ordinary_comment_passes_all_checks():
    unlike_spam = Filtered(Opinion(-3.0, "shipped", (), hold_from=-1.0, reject_from=None))
    ordinary = Submission("I liked this article, thank you.", facts=Facts(filtered=unlike_spam))
    assert worst(findings(ordinary, Policy())) is Verdict.PASS


@given(SUBMISSIONS, POLICIES)
def test_no_check_ever_raises_and_all_point_into_the_text(submission, policy):
    for finding in findings(submission, policy):
        assert (finding.verdict is Verdict.PASS) or finding.reason
        assert not finding.is_spam or finding.verdict is Verdict.REJECT
        for span in finding.spans:
            assert 0 <= span.start < span.end <= len(submission.body)


@given(SUBMISSIONS, POLICIES, st.permutations(CHECKS))
def test_the_order_of_checks_changes_nothing(submission, policy, shuffled):
    assert outcome(findings(submission, policy)) is outcome(findings(submission, policy, shuffled))


@given(SUBMISSIONS, POLICIES, st.integers(1, len(CHECKS) - 1))
def test_one_more_check_never_makes_the_verdict_milder(submission, policy, count):
    fewer = worst(findings(submission, policy, CHECKS[:count]))
    more = worst(findings(submission, policy, CHECKS[: count + 1]))
    assert SEVERITY[more] >= SEVERITY[fewer]


@given(SUBMISSIONS, POLICIES)
def test_checks_come_to_the_same_each_time(submission, policy):
    assert findings(submission, policy) == findings(replace(submission), policy)


@pytest.mark.parametrize(
    "piece",
    [
        "a.",
        "http://",
        "a dot ",
        "A",
        "\u0301",
        "\u200b",
        "👍🏽",
        "bad ",
        "b a d  ",
        "[",
        "\ufdfd",
        "\ufe0f\U0001f3fd",
    ],
)
def test_the_longest_hostile_texts_are_judged(piece):
    assert len(findings(Submission((piece * 20_000)[:20_000]), STRICT)) == len(CHECKS)
