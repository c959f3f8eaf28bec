"""What a reader is told of a moderator's decision on a comment of theirs."""

from playwright.sync_api import expect

from tests.e2e.browsing import People
from tests.e2e.newspaper import Newspaper, text
from tests.e2e.running import SITE
from tests.e2e.test_writing import fill_in, send


def test_a_moderators_message_is_shown_to_the_author_alone(
    newspaper: Newspaper, people: People
) -> None:
    newspaper.set_mode("told", "premoderated")
    address = newspaper.article("told")
    reader = people.open(address)
    send(fill_in(reader, text("told", 1)))
    mine = reader.get_by_role("article")
    expect(mine).to_contain_text("moderator")
    said = "<b>Please</b> leave out the telephone number."
    queue = newspaper.ask_as_moderator("GET", f"/v1/moderation/queue?site={SITE}")
    [item] = [one for one in queue["items"] if one["body"] == text("told", 1)]
    line = {
        **{name: item[name] for name in ("comment", "revision")},
        "seen": "held",
        "to": "rejected",
        "reason": "personal-data",
        "message": said,
    }
    newspaper.ask_as_moderator("POST", "/v1/moderation/decisions", {"decisions": [line]})
    reader.reload()
    expect(reader.get_by_role("article")).to_contain_text(said)
    other = people.open(address)
    expect(other.get_by_text("0 comments").or_(other.get_by_text("No comments"))).to_be_visible()
    expect(other.get_by_role("article")).to_have_count(0)
