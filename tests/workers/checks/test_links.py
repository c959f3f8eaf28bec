"""Links hold or reject a comment by number, target and honesty."""

import pytest

from service.domain.findings import Verdict
from service.domain.policy import Action, LinksPolicy, Policy
from service.domain.submission import Submission
from workers.checks.links import check_links


def checked(body, *, origins=(), page_url=None, **policy):
    settings = {"hold_above": 2, "reject_above": 4} | policy
    submission = Submission(body, origins=origins, page_url=page_url)
    return check_links(submission, Policy(links=LinksPolicy(**settings)))


def links(count):
    return "look: " + " ".join(f"http://site{number}.com/x" for number in range(count))


@pytest.mark.parametrize(
    ("count", "verdict", "is_spam"),
    [
        (0, Verdict.PASS, False),
        (2, Verdict.PASS, False),
        (3, Verdict.HOLD, False),
        (4, Verdict.HOLD, False),
        (5, Verdict.REJECT, True),
    ],
)
def test_the_number_of_links_decides(count, verdict, is_spam):
    finding = checked(links(count))
    assert (finding.verdict, finding.is_spam) == (verdict, is_spam)


def test_the_reason_counts_and_points():
    finding = checked(links(3))
    assert finding.reason == "There are 3 links to other sites; 2 may pass."
    assert len(finding.spans) == 3


def test_links_to_the_site_itself_do_not_count():
    body = "http://news.example/a https://www.news.example/b http://blog.example/c and more"
    finding = checked(
        body, origins=("https://news.example:8443",), page_url="http://blog.example/p", hold_above=0
    )
    assert finding.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("action", "verdict", "is_spam"),
    [
        (Action.IGNORE, Verdict.PASS, False),
        (Action.HOLD, Verdict.HOLD, False),
        (Action.REJECT, Verdict.REJECT, True),
    ],
)
@pytest.mark.parametrize(
    ("body", "setting"),
    [
        ("go to example dot com", "disguised"),
        ("http://example.com", "only_links"),
        ("see http://shop.evil.com/x there", "blocked"),
    ],
)
def test_the_policy_says_what_each_finding_does(body, setting, action, verdict, is_spam):
    finding = checked(body, blocked_domains=("evil.com",), **{setting: action})
    assert (finding.verdict, finding.is_spam) == (verdict, is_spam)


@pytest.mark.parametrize(
    "body",
    ["see evil dot com", "evil[.]com yes", "www.EVIL.com yes", "http://x@evil.com:80/ yes"],
)
def test_blocked_domains_are_found_in_disguise(body):
    finding = checked(body, blocked_domains=("*.Evil.com",))
    assert finding.verdict is Verdict.REJECT
    assert "evil.com" in finding.reason


@pytest.mark.parametrize("body", ["see notevil.com there", "see evil.com.example there"])
def test_other_domains_are_not_blocked(body):
    assert checked(body, blocked_domains=("evil.com",)).verdict is Verdict.PASS


def test_even_the_site_itself_can_be_blocked():
    finding = checked(
        "see evil.com there", origins=("http://evil.com",), blocked_domains=("evil.com",)
    )
    assert finding.verdict is Verdict.REJECT


@pytest.mark.parametrize("body", ["http://a.com", "http://a.com, www.b.com!", "👍 http://a.com"])
def test_comments_of_nothing_but_links_are_held(body):
    assert "nothing but links" in checked(body).reason


def test_a_bare_link_to_the_site_itself_passes():
    assert checked("http://a.com/x", origins=("http://a.com",)).verdict is Verdict.PASS


def test_several_problems_make_one_finding_with_the_worst_verdict():
    finding = checked("evil dot com a.com b.com", blocked_domains=("evil.com",))
    assert finding.verdict is Verdict.REJECT
    assert [word in finding.reason for word in ("3 links", "Nobody", "disguised", "but links")] == [
        True
    ] * 4
    assert len(finding.spans) == 3
