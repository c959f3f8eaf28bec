"""The whole path in a browser: read, post, moderate, reply, edit, delete."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import (
    DISAGREE,
    SIX_LINKS,
    People,
    comment,
    ensure_shown_after_reload,
    post,
    write,
)
from tests.e2e.running import SITE, Processes, Started


@pytest.fixture
def up(processes: Processes) -> Started:
    return processes.up()


def test_a_comment_appears_without_reloading(up: Started, people: People) -> None:
    reader = people.open(up.url("Article"))
    expect(reader.get_by_role("heading", name="No comments yet")).to_be_visible()
    own = post(reader, DISAGREE)
    expect(reader.get_by_role("heading", name="1 comment")).to_be_visible()
    expect(own).to_contain_text("Ann")
    expect(own.locator(".note")).to_have_count(0)
    other = people.open(up.url("Article"))
    expect(comment(other, DISAGREE)).to_be_visible()
    expect(comment(other, DISAGREE).get_by_role("button", name="Delete")).to_have_count(0)


def test_a_suspect_comment_appears_when_a_moderator_approved_it(
    up: Started, people: People
) -> None:
    reader = people.open(up.url("Article"))
    own = post(reader, f"Buy here: {SIX_LINKS}")
    expect(own.locator(".note")).to_have_text("A moderator will look at your comment first.")
    expect(reader.get_by_role("heading", name="No comments yet")).to_be_visible()
    other = people.open(up.url("Article"))
    expect(other.get_by_role("heading", name="No comments yet")).to_be_visible()
    expect(comment(other, "Buy here")).to_have_count(0)

    moderator = people.open(up.url("Moderation"))
    item = moderator.locator("#list > li")
    expect(item).to_have_count(1)
    assert up.token not in moderator.url
    expect(item.locator(".findings")).to_contain_text("6 links")
    expect(item.locator("mark")).to_have_count(6)
    expect(item.locator("mark").first).to_have_text("https://shop0.example/offer")
    item.get_by_role("button", name="Approve").click()
    expect(item).to_have_count(0)
    expect(moderator.locator("#empty")).to_have_text("Nothing is waiting.")
    ensure_shown_after_reload(other, "Buy here")
    ensure_shown_after_reload(reader, "Buy here")


def test_a_moderator_needs_no_mouse(up: Started, people: People) -> None:
    reader = people.open(up.url("Article"))
    for number in range(2):
        own = post(reader, f"Offer {number}: {SIX_LINKS}", name=f"Ann {number}")
        expect(own.locator(".note")).to_contain_text("A moderator will look")
    moderator = people.open(up.url("Moderation"))
    items = moderator.locator("#list > li")
    expect(items).to_have_count(2)
    moderator.keyboard.press("j")
    expect(items.first).to_be_focused()
    moderator.keyboard.press("a")
    expect(items).to_have_count(1)
    expect(items.first).to_contain_text("Offer 1")
    expect(items.first).to_be_focused()
    moderator.keyboard.press("r")
    expect(moderator.get_by_role("dialog", name="Reject: why?")).to_be_visible()
    moderator.keyboard.press("Enter")
    expect(items).to_have_count(0)
    ensure_shown_after_reload(reader, "Offer 0")
    other = people.open(up.url("Article"))
    expect(comment(other, "Offer 0")).to_be_visible()
    expect(comment(other, "Offer 1")).to_have_count(0)


def test_replies_edits_and_deletion(up: Started, people: People) -> None:
    author = people.open(up.url("Article"))
    own = post(author, DISAGREE)
    expect(author.get_by_role("heading", name="1 comment")).to_be_visible()

    answering = people.open(up.url("Article"))
    first = comment(answering, DISAGREE)
    first.get_by_role("button", name="Reply to Ann").click()
    form = answering.get_by_role("form", name="Your reply to Ann")
    write(form, "So do I, wholeheartedly.", name="Bea")
    reply = answering.locator("li li").filter(has_text="So do I")
    expect(answering.get_by_role("heading", name="2 comments")).to_be_visible()
    expect(reply.locator(".note")).to_have_count(0)

    own.get_by_role("button", name="Edit").click()
    changing = author.get_by_role("form", name="Change your comment")
    changing.get_by_label("Change your comment").fill("I agree with the author.")
    changing.get_by_role("button", name="Save").click()
    changed = comment(author, "I agree with the author.")
    expect(changed.locator("header")).to_contain_text("edited")
    expect(changed.locator(".note")).to_have_count(0)
    ensure_shown_after_reload(answering, "I agree with the author.")
    expect(comment(answering, DISAGREE)).to_have_count(0)

    changed.get_by_role("button", name="Delete").click()
    author.get_by_role("button", name="Delete", exact=True).click()
    expect(changed).to_have_count(0)
    later = people.open(up.url("Article"))
    expect(comment(later, "So do I")).to_be_visible()
    expect(later.get_by_text("This comment was removed.")).to_be_visible()
    expect(comment(later, "the author")).to_have_count(0)
    expect(later.get_by_role("heading", name="1 comment")).to_be_visible()


def test_comments_can_be_read_without_scripts(up: Started, people: People) -> None:
    reader = people.open(up.url("Article"))
    post(reader, DISAGREE)
    expect(reader.get_by_role("heading", name="1 comment")).to_be_visible()
    plain = people.open(up.url("Article"), scripts=False)
    plain.get_by_role("link", name="Read the comments").click()
    expect(plain).to_have_url(re.compile(rf"/embed/thread\?site={SITE}&page="))
    expect(plain.get_by_role("article")).to_contain_text(DISAGREE)
    expect(plain.get_by_text("1 comment")).to_be_visible()
    expect(plain.get_by_role("heading", name="Ann")).to_be_visible()
