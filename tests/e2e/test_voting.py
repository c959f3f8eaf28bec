"""Votes, reports and signed-in readers, as the widget shows them on a publisher's page."""

import time

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from playwright.sync_api import Locator, expect

from tests.e2e.barriers import ensure_no_barriers
from tests.e2e.browsing import People, comment
from tests.e2e.newspaper import Newspaper, text
from tests.e2e.running import SITE, call, until


@pytest.fixture(autouse=True)
def voting(newspaper: Newspaper) -> None:
    newspaper.set_policy(votes="both", identity="optional")


def agree(shown: Locator) -> Locator:
    return shown.get_by_role("button", name="Agree with", exact=False).first


def test_a_vote_is_cast_changed_and_taken_back(newspaper: Newspaper, people: People) -> None:
    newspaper.write("votes", text("votes", 1), name="Bea")
    reader = people.open(newspaper.article("votes"))
    votes = comment(reader, "Text 1:").locator(".votes")
    up, down = votes.get_by_role("button").first, votes.get_by_role("button").last
    expect(up).to_have_accessible_name("Agree with Bea: 0")
    up.click()
    expect(votes).to_have_text("▲1▼")
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(up).to_be_focused()
    down.click()
    expect(votes).to_have_text("▲-1▼")
    expect(up).to_have_attribute("aria-pressed", "false")
    reader.reload()
    expect(votes).to_have_text("▲-1▼")
    expect(down).to_have_attribute("aria-pressed", "true")
    down.click()
    expect(votes).to_have_text("▲0▼")
    expect(down).to_have_attribute("aria-pressed", "false")


def test_votes_make_the_best_order(newspaper: Newspaper, people: People) -> None:
    for number, name in enumerate(("Bea", "Cid", "Dee")):
        newspaper.write("best", text("best", number), name=name)
    address = newspaper.article("best")
    reader = people.open(address)
    agree(comment(reader, "Text 1:")).click()
    expect(comment(reader, "Text 1:").locator(".votes")).to_have_text("▲1▼")
    reader.get_by_label("Order of the comments").select_option("top")
    expect(reader.locator("article h3")).to_have_text(["Cid", "Dee", "Bea"])


def test_where_nobody_votes_there_is_nothing_to_vote_with(
    newspaper: Newspaper, people: People
) -> None:
    newspaper.write("no-votes", text("no-votes", 1))
    newspaper.set_policy(votes="off")
    reader = people.open(newspaper.article("no-votes"))
    expect(comment(reader, "Text 1:")).to_be_visible()
    expect(reader.locator(".votes")).to_have_count(0)
    order = reader.get_by_label("Order of the comments")
    expect(order.locator("option")).to_have_text(["Newest first", "Oldest first"])
    newspaper.set_policy(votes="up")
    other = people.open(newspaper.article("no-votes"))
    expect(other.locator(".votes button")).to_have_count(1)


def test_a_vote_that_is_refused_says_why(newspaper: Newspaper, people: People) -> None:
    stuffed = newspaper.write("stuffed", text("stuffed", 1))
    address = f"{newspaper.up.address}/v1/comments/{stuffed}/vote"
    for number in range(5):
        call("PUT", address, body={"value": 1}, headers={"Afterword-Reader": f"{number:022}"})
    reader = people.open(newspaper.article("stuffed"))
    votes = comment(reader, "Text 1:").locator(".votes")
    expect(votes).to_have_text("▲5▼")
    agree(comment(reader, "Text 1:")).click()
    expect(reader.get_by_role("status").filter(has_text="from your network")).to_be_visible()
    expect(votes).to_have_text("▲5▼")
    assert all("403" in complaint for complaint in people.complaints)
    people.complaints.clear()


def test_a_report_reaches_the_moderators(newspaper: Newspaper, people: People) -> None:
    reported = newspaper.write("reports", text("reports", 1), name="Bea")
    reader = people.open(newspaper.article("reports"), bypass_csp=True)
    button = comment(reader, "Text 1:").get_by_role("button", name="Report the comment by Bea")
    button.click()
    form = reader.get_by_role("form", name="Report the comment by Bea")
    reason = form.get_by_label("What is wrong with it?")
    expect(reason).to_be_focused()
    ensure_no_barriers(reader, looks_at="afterword-comments")
    reason.select_option("Private details of somebody")
    form.get_by_label("More about it").fill("My own street.")
    form.get_by_role("button", name="Send report").click()
    thanks = reader.get_by_role("status").filter(has_text="Thank you.")
    expect(thanks).to_be_visible()
    expect(form).to_have_count(0)
    expect(button).to_have_count(0)
    ensure_no_barriers(reader, looks_at="afterword-comments")
    everything = newspaper.ask_as_moderator("GET", f"/v1/moderation/comments/{reported}")
    [report] = everything["reports"]
    assert (report["reason"], report["note"]) == ("personal-data", "My own street.")
    reader.reload()
    expect(comment(reader, "Text 1:")).to_be_visible()
    expect(button).to_have_count(0)


def token_for(secret: str, name: str) -> str:
    claims = {
        "aud": SITE,
        "exp": int(time.time()) + 600,
        "sub": name,
        "name": name,
        "badge": "Staff",
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))


def test_a_signed_in_reader_is_not_asked_who_they_are(newspaper: Newspaper, people: People) -> None:
    assert newspaper.command
    secret = (
        newspaper.command("site", "identity", SITE, "--algorithm", "HS256").strip().splitlines()[-1]
    )
    newspaper.write("signed", text("signed", 1), name="Bea")
    newspaper.set_policy(votes="up", identity="required")
    reader = people.open(newspaper.article("signed"))
    expect(reader.get_by_text("Please sign in on this website to comment.")).to_be_visible()
    expect(reader.locator("form")).to_have_count(0)
    expect(reader.get_by_role("button", name="Reply")).to_have_count(0)

    token = token_for(secret, "Edith Márlowe")
    reader.locator("afterword-comments").evaluate(
        "(one, token) => one.setAttribute('user', token)", token
    )
    form = reader.get_by_role("form", name="Your comment")
    expect(form.locator("textarea")).to_be_visible()
    expect(form.get_by_label("Name")).to_have_count(0)
    expect(form.get_by_text("Signed in as Edith Márlowe.")).to_be_visible()
    form.locator("textarea").press_sequentially(text("signed", 2), delay=80)
    form.get_by_role("button", name="Post comment").click()
    own = comment(reader, "Text 2:")
    expect(own.locator("header")).to_contain_text("Edith Márlowe")
    expect(own.locator(".badge")).to_have_text("Staff")
    agree(comment(reader, "Text 1:")).click()
    expect(comment(reader, "Text 1:").locator(".votes")).to_have_text("▲1")
    assert reader.evaluate("localStorage['afterword.marks'].includes('reader')") is False


def test_a_token_that_ended_says_so_at_the_form(newspaper: Newspaper, people: People) -> None:
    reader = people.open(newspaper.article("ended", attributes='user="no.real.token"'))
    form = reader.get_by_role("form", name="Your comment")
    form.locator("textarea").fill(text("ended", 1))
    form.get_by_role("button", name="Post comment").click()
    expect(form.get_by_role("alert")).to_be_visible()
    expect(form.locator("textarea")).to_have_value(text("ended", 1))
    assert all("401" in complaint for complaint in people.complaints)
    people.complaints.clear()


def test_the_limit_is_the_sites(newspaper: Newspaper, people: People) -> None:
    policy = newspaper.ask_as_moderator("GET", f"/v1/moderation/sites/{SITE}/policy")["settings"]
    newspaper.set_policy(length={**policy["length"], "max_characters": 40})
    try:
        reader = people.open(newspaper.article("short"))
        form = reader.get_by_role("form", name="Your comment")
        form.locator("textarea").fill("x" * 42)
        expect(form.locator("output")).to_have_text("Please shorten it by 2 characters.")
    finally:
        newspaper.set_policy(length=policy["length"])
    until(lambda: newspaper.count("short") == 0, "nothing was posted")
