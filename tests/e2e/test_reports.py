"""What readers report, in the moderators' browser."""

from playwright.sync_api import expect

from tests.e2e.browsing import DISAGREE, People
from tests.e2e.running import SITE, Processes, Started, call, until


def reported_comment(up: Started) -> str:
    """A public comment that one report raises; answers the address of its page."""
    base = up.url("Article").rpartition("/demo/")[0]
    bearer = {"Authorization": f"Bearer {up.token}"}
    policy = {"settings": {"reports": {"raise_at": 1}}}
    address = f"{base}/v1/moderation/sites/{SITE}/policy"
    assert call("PUT", address, body=policy, headers=bearer).status == 200
    new = {"site": SITE, "page": "p", "body": DISAGREE, "author": {"name": "Ann"}}
    receipt = call("POST", f"{base}/v1/comments", body=new).json
    report = {"reason": "personal-data", "note": "It names <my> street."}
    headers = {"Afterword-Reader": "0123456789abcdef"}

    page = f"{base}/v1/comments?site={SITE}&page=p"
    until(lambda: call("GET", page).json["count"] == 1, "the comment is public")
    sent = call("POST", f"{base}/v1/comments/{receipt['id']}/reports", body=report, headers=headers)
    assert sent.status == 202
    return page


def test_a_moderator_sees_what_was_reported_and_lets_it_stay(
    processes: Processes, people: People
) -> None:
    up = processes.up()
    page = reported_comment(up)
    moderator = people.open(up.url("Moderation"))
    moderator.get_by_text("Reported (1)").click()
    item = moderator.locator("#list > li")
    expect(item).to_have_count(1)
    expect(item.get_by_label("What readers reported")).to_contain_text(
        "personal data It names <my> street."
    )
    item.get_by_role("button", name="Let it stay").click()
    expect(item).to_have_count(0)
    expect(moderator.locator("#empty")).to_have_text("Nothing that readers reported is waiting.")
    expect(moderator.get_by_text("Reported", exact=True)).to_be_visible()
    assert call("GET", page).json["count"] == 1
