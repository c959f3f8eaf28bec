"""A raid by newcomers, with limits as in production: it turns premoderation on, and off again."""

from playwright.sync_api import expect
from sqlalchemy import update

from service.store.db import now, session_at
from service.store.models import Comment, Revision
from service.store.raids import Raid
from tests.e2e.barriers import ensure_no_barriers
from tests.e2e.browsing import People
from tests.e2e.running import SITE, Processes, call, until
from tests.factories import SECRET, WITHOUT_FILTER, a_text

RAID = {
    "window_minutes": 1, "comments": 6, "site_comments": 50, "newcomers_share": 0.8,
    "calm_minutes": 1,
}  # fmt: skip


def a_while_later(url: str) -> None:
    """Nobody wrote for two minutes."""
    with session_at(url) as session, session.begin():
        for model, column in ((Comment, "created_at"), (Revision, "created_at"), (Raid, "seen_at")):
            session.execute(update(model).values({column: now(-120)}))


def test_a_flood_of_new_authors_is_read_by_moderators_until_it_is_calm(
    processes: Processes, fresh_database: str, people: People
) -> None:
    up = processes.up(database_url=fresh_database, secret=SECRET)
    headers = {"Authorization": f"Bearer {up.token}"}
    address = f"{up.address}/v1/moderation/sites/{SITE}/policy"
    stored = call("GET", address, headers=headers).json["settings"]
    settings = stored | WITHOUT_FILTER | {"raid": RAID, "flood": {"window_minutes": 0}}
    call("PUT", address, body={"settings": settings}, headers=headers)

    def raider(number: int) -> int:
        author = {"name": f"New {number}", "email": f"new{number}@example.org"}
        body = {"site": SITE, "page": "raided", "body": a_text(number), "author": author}
        return call("POST", f"{up.address}/v1/comments", body=body).status

    def mode() -> str:
        return str(call("GET", f"{up.address}/v1/comments?site={SITE}&page=raided").json["mode"])

    assert mode() == "open"
    assert {raider(number) for number in range(8)} == {202}
    until(lambda: mode() == "premoderated", "a raid is noticed", seconds=20)
    moderator = people.open(up.url("Moderation").replace("/desk/#", "/desk/threads#"))
    notice = moderator.locator(".raid")
    expect(notice).to_contain_text("by newcomers")
    ensure_no_barriers(moderator)
    assert raider(9) == 202
    held = f"{up.address}/v1/moderation/queue?site={SITE}&check=raid"
    until(lambda: call("GET", held, headers=headers).json["items"], "it is held", seconds=20)
    a_while_later(fresh_database)
    until(lambda: mode() == "open", "it is calm", seconds=20)
    moderator.reload()
    expect(notice).to_have_count(0)
