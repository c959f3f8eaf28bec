"""Threads at the desk in a real browser: closing one, and a raid that comes and goes."""

from playwright.sync_api import expect

from tests.e2e.barriers import ensure_no_barriers
from tests.e2e.browsing import People
from tests.e2e.newspaper import Newspaper, text
from tests.e2e.running import SITE, call, until


def mode(newspaper: Newspaper, page: str) -> str:
    answer = call("GET", f"{newspaper.up.address}/v1/comments?site={SITE}&page={page}")
    return str(answer.json["mode"])


def test_a_closed_thread_says_so_under_the_article(newspaper: Newspaper, people: People) -> None:
    newspaper.write("closing", text("closing", 1))
    reader = people.open(newspaper.article("closing"))
    expect(reader.get_by_role("form", name="Your comment")).to_be_visible()
    moderator = people.open(newspaper.desk_link().replace("/desk/#", "/desk/threads#"))
    ensure_no_barriers(moderator)
    moderator.get_by_role("link", name="closing").click()
    ensure_no_barriers(moderator)
    moderator.get_by_label("Mode", exact=True).select_option("closed")
    moderator.get_by_label("Note to readers").fill("Thank you all. The council votes on Monday.")
    moderator.get_by_role("button", name="Save").click()
    expect(moderator.get_by_text("Saved.")).to_be_visible()
    until(lambda: mode(newspaper, "closing") == "closed", "it is closed")
    reader.reload()
    expect(reader.get_by_text("Comments are closed.")).to_be_visible()
    expect(reader.get_by_text("The council votes on Monday.")).to_be_visible()
    expect(reader.get_by_role("form", name="Your comment")).to_have_count(0)
