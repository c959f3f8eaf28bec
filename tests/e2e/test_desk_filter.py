"""What moderators see of the filter: why it thinks so, and which comments are like one another."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import People
from tests.e2e.running import SITE, Processes, call, until

OFFER = (
    "{name} here: I lost all hope until Doctor Wonder cured my back with his herbs, "
    "write to wonder{number}@cures.example or see https://wonder-cures{number}.example/back"
)


@pytest.mark.browser
def test_a_campaign_is_seen_explained_and_decided(processes: Processes, people: People) -> None:
    up = processes.up(limits="off")
    for number, name in enumerate(("Ann", "Bea", "Cleo", "Dora")):
        body = OFFER.format(name=name, number=number)
        comment = {"site": SITE, "page": f"p{number}", "author": {"name": name}, "body": body}
        assert call("POST", f"{up.address}/v1/comments", body=comment).status == 202
    desk = people.open(f"{up.address}/desk/#token={up.token}")
    items = desk.locator("#list > li")

    def all_are_held() -> bool:
        desk.reload()
        items.first.wait_for()
        return items.count() == 4

    until(all_are_held, "four comments alike are held", seconds=20)
    why = items.first.locator("details", has_text="spam")
    why.locator("summary").click()
    expect(why).to_contain_text("gives an e-mail address")
    expect(why).to_contain_text("before reading it")
    items.first.get_by_role("button", name="3 comments like this one, 3 of them held").click()
    expect(desk.get_by_text("Only comments that are like one another.")).to_be_visible()
    expect(items).to_have_count(4)
    desk.wait_for_load_state()  # or the form is sent as without scripts, and the answer says less
    items.first.get_by_role("button", name="Spam").click()
    expect(desk.get_by_role("status").first).to_contain_text("3 comments like it held")
    desk.get_by_role("button", name="Show all").click()
    expect(desk.get_by_text("Only comments that are like one another.")).to_be_hidden()
