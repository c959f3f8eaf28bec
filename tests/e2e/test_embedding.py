"""The widget on a publisher's own website, which has another origin and a strict policy."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import DISAGREE, People, comment, post, publisher
from tests.e2e.running import SITE, Processes, Started, call
from tests.factories import SECRET

THREAD = f"/v1/comments?site={SITE}&page=fog"


@pytest.fixture
def up(processes: Processes) -> Started:
    return processes.up()


def list_origins(processes: Processes, *origins: str) -> None:
    """As the operator of this very `up` would."""
    data = processes.folder / "data"
    settings = {"database_url": f"sqlite:///{data / 'afterword.db'}", "redis_url": "unix:///none"}
    processes.run("site", "origins", SITE, *origins, secret=SECRET, **settings)


def test_a_listed_website_shows_and_takes_comments(
    processes: Processes, up: Started, people: People
) -> None:
    with publisher(up.address) as origin:
        list_origins(processes, up.address, origin)
        reader = people.open(f"{origin}/fog")
        expect(reader.get_by_role("heading", name="No comments yet")).to_be_visible()
        own = post(reader, DISAGREE)
        expect(reader.get_by_role("heading", name="1 comment")).to_be_visible()
        expect(own.locator(".note")).to_have_count(0)
        other = people.open(f"{origin}/fog")
        expect(comment(other, DISAGREE)).to_be_visible()


def test_a_website_that_is_not_listed_is_refused_kindly(up: Started, people: People) -> None:
    with publisher(up.address) as origin:
        reader = people.open(f"{origin}/fog")
        expect(reader.get_by_text("The comments could not be loaded.")).to_be_visible()
        expect(reader.get_by_role("button", name="Try again")).to_be_visible()
        expect(reader.locator("form")).to_have_count(0)
    # The browser reports what it withheld from that page, and nothing else.
    assert people.complaints
    assert [
        text for text in people.complaints if "CORS" not in text and "net::ERR" not in text
    ] == []
    people.complaints.clear()


def test_a_website_that_was_listed_until_now_cannot_post(
    processes: Processes, up: Started, people: People
) -> None:
    with publisher(up.address) as origin:
        list_origins(processes, up.address, origin)
        reader = people.open(f"{origin}/fog")
        expect(reader.get_by_role("heading", name="No comments yet")).to_be_visible()
        list_origins(processes, up.address)
        own = post(reader, DISAGREE)
        expect(reader.get_by_role("alert").first).to_contain_text("Your text is still here.")
        expect(own).to_have_count(0)
        expect(reader.get_by_label("Your comment").last).to_have_value(DISAGREE)
        body = {"site": SITE, "page": "fog", "body": DISAGREE, "author": {"name": "Ann"}}
        refused = call("POST", f"{up.address}/v1/comments", body=body, headers={"Origin": origin})
    assert refused.status == 403
    assert refused.json["type"] == "/problems/origin-not-allowed"
    assert "access-control-allow-origin" not in refused.headers
    assert call("GET", up.address + THREAD).json["count"] == 0
    assert [
        text for text in people.complaints if "CORS" not in text and "net::ERR" not in text
    ] == []
    people.complaints.clear()
