"""Moderators at the page of an author, and readers who meet what was decided there."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.barriers import ensure_no_barriers
from tests.e2e.browsing import People
from tests.e2e.newspaper import Newspaper, text
from tests.e2e.running import until
from tests.e2e.test_writing import fill_in, send


def at_the_desk(newspaper: Newspaper, people: People, path: str) -> Page:
    """A moderator who is signed in and opens this page."""
    desk = people.open(newspaper.desk_link("moderate"), bypass_csp=True)
    expect(desk.get_by_role("button", name="Sign out")).to_be_visible()
    desk.wait_for_load_state()  # a page that is left half-way runs its scripts on that half
    desk.goto(newspaper.up.address + path)
    return desk


def said(newspaper: Newspaper, comment: str, check: str) -> str:
    everything = newspaper.ask_as_moderator("GET", f"/v1/moderation/comments/{comment}")
    found = {one["check"]: one for one in everything["revisions"][0]["findings"]}
    return str(found[check]["reason"])


def test_a_ban_is_met_at_the_next_comment_until_it_is_taken_back(
    newspaper: Newspaper, people: People
) -> None:
    newspaper.let_texts_be()
    address = newspaper.article("banned")
    first = newspaper.write("banned", text("banned", 1), name="Eve")
    desk = at_the_desk(newspaper, people, f"/desk/comments/{first}/author")
    expect(desk.get_by_role("heading", name="Eve")).to_be_visible()
    ensure_no_barriers(desk)
    desk.get_by_label("What happens to their comments").select_option("banned")
    expect(desk.get_by_label("For how many days")).to_have_value("7")
    desk.get_by_label("Reason").select_option("abuse")
    desk.get_by_label("Note for other moderators").fill("Third time.")
    desk.get_by_role("button", name="Decide").click()
    expect(desk.get_by_role("status")).to_contain_text("banned from now on")
    ensure_no_barriers(desk)

    reader = people.open(address)
    send(fill_in(reader, text("banned", 2), name="Eve"))
    mine = reader.get_by_role("article").filter(has_text=text("banned", 2))
    expect(mine).to_contain_text("moderator")
    desk.goto(f"{newspaper.up.address}/desk/comments/{first}/author")
    newest = desk.get_by_role("listitem").filter(has_text=text("banned", 2))
    expect(newest).to_contain_text("The network address that this came from is banned until")
    expect(newest).to_contain_text("reason: abuse")

    desk.get_by_role("button", name="Take back: banned").click()
    expect(desk.get_by_text("Judged like anybody.")).to_be_visible()
    third = newspaper.write("banned", text("banned", 3), name="Eve")
    assert said(newspaper, third, "standing") == ""
    assert newspaper.count("banned") == 2


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_part_of_a_text_is_taken_out(newspaper: Newspaper, people: People, scripts: bool) -> None:
    newspaper.let_texts_be()
    page = f"cut-{scripts}"
    body = f"{text(page, 1)} \N{GRINNING FACE} You idiot! {text(page, 2)}"
    comment = newspaper.write(page, body)
    desk = at_the_desk(newspaper, people, f"/desk/comments/{comment}/removal")
    if scripts:
        desk.locator("#whole").evaluate(SELECT, "You idiot!")
        desk.get_by_role("button", name="Take out what is marked").click()
        expect(desk.locator("#whole del")).to_have_text("You idiot!")
        ensure_no_barriers(desk)
    else:
        cookies = desk.context.cookies()
        desk = people.open(f"{newspaper.up.address}/desk/sign-in", scripts=False)
        desk.context.add_cookies(cookies)  # type: ignore[arg-type]
        desk.goto(f"{newspaper.up.address}/desk/comments/{comment}/removal")
        desk.get_by_label("You idiot!").check()
    desk.get_by_label("Reason").select_option("abuse")
    desk.get_by_role("button", name="Take out and publish").click()
    expect(desk.get_by_role("status")).to_contain_text("Taken out.")

    left = "[removed by a moderator: Abuse or insult]"
    reader = people.open(newspaper.article(page))
    shown = reader.get_by_role("article")
    expect(shown).to_contain_text(left)
    expect(shown).to_contain_text("partly removed")
    expect(shown).not_to_contain_text("idiot")
    expect(shown).to_contain_text(text(page, 2))
    until(lambda: newspaper.count(page) == 1, "one comment is shown", seconds=5)


SELECT = """(whole, wanted) => {
  const node = whole.firstChild, at = node.data.indexOf(wanted), range = document.createRange();
  range.setStart(node, at);
  range.setEnd(node, at + wanted.length);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""
