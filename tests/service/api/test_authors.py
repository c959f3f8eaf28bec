"""The page of an author, and how moderators trust, watch, mute and ban."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.actions import credentials, housekeeping, sites
from service.bell import SilentBell
from service.domain.ids import address_hash, new_id
from service.store.audit_tables import AuditEntry
from service.store.db import now
from service.store.models import Author, Comment, Revision
from service.store.standing_tables import StandingEntry, WatchedAddress
from tests.factories import SECRET, SIX_LINKS, WITHOUT_FILTER, a_comment, a_text, edit_header

Judge = Callable[..., int]
Bearer = dict[str, str]
ANN = {"name": "Ann", "email": "ann@mail.example"}
NUMBERS = count()  # so that no text resembles another
HOME, OFFICE = "192.0.2.7", "192.0.2.8"


@pytest.fixture(autouse=True)
def no_filter(session: Session, news: str) -> None:
    """What the filter thinks of a text is tested elsewhere."""
    sites.set_policy(session, SilentBell(), news, seen=None, settings=WITHOUT_FILTER, by="test")


def written(client: FlaskClient, judge: Judge, *, at: str = HOME, **changes: Any) -> dict[str, Any]:
    """A comment from an address; answers what its author gets once it is judged."""
    comment = a_comment(**{"author": ANN, "body": a_text(next(NUMBERS))} | changes)
    answer = client.post("/v1/comments", json=comment, environ_overrides={"REMOTE_ADDR": at})
    assert answer.status_code == 202
    judge()
    receipt = answer.get_json()
    own: dict[str, Any] = client.get(
        f"/v1/comments/{receipt['id']}", headers=edit_header(receipt)
    ).get_json()
    return own


def decide(client: FlaskClient, bearer: Bearer, standing: str, **more: Any) -> Any:
    body = {"standing": standing} | more
    if "until" not in body and (standing == "muted" or body.get("kind") == "address"):
        body["until"] = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    return client.post("/v1/moderation/standings", headers=bearer, json=body)


def page_of(client: FlaskClient, bearer: Bearer, comment: dict[str, Any]) -> dict[str, Any]:
    address = f"/v1/moderation/comments/{comment['id']}/author"
    answer = client.get(address, headers=bearer)
    assert answer.status_code == 200, answer.data
    page: dict[str, Any] = answer.get_json()
    return page


def test_the_page_tells_what_an_author_wrote_and_what_became_of_it(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    first = written(client, judge)
    written(client, judge, body=SIX_LINKS)
    written(client, judge, author={"name": "Bob"})
    page = page_of(client, bearer, first)
    assert page["names"] == ["Ann"]
    assert (page["comments"], page["public"]) == (2, 1)
    assert page["states"] == {"approved": 1, "held": 1}
    assert [item["state"] for item in page["items"]] == ["held", "approved"]
    assert page["first_seen"] == first["created_at"] < page["last_seen"]
    assert (page["email_given"], page["signed"], page["standings"]) == (True, False, [])
    same = client.get(f"/v1/moderation/authors/{page['author']}", headers=bearer).get_json()
    assert same == page
    assert "mail.example" not in str(page)


def test_who_is_nameless_is_known_by_the_address_of_that_day(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    comment = written(client, judge, author={"name": "Eve"})
    written(client, judge, author={"name": "Eve"}, at=OFFICE)
    written(client, judge, author={"name": "Adam"})
    page = page_of(client, bearer, comment)
    assert (page["author"], page["comments"]) == (None, 2)
    assert page["names"] == ["Adam", "Eve"]


def test_a_ban_holds_for_what_comes_and_can_be_taken_back(
    client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    comment = written(client, judge)
    answer = decide(client, bearer, "banned", comment=comment["id"], reason="abuse", note="Twice.")
    assert answer.status_code == 201
    entry = answer.get_json()
    assert (entry["number"], entry["by"], entry["reason"]) == (1, "mod", "abuse")
    later = written(client, judge)
    assert (later["state"], later["message"]) == ("rejected", None)
    page = page_of(client, bearer, comment)
    assert [one["id"] for one in page["standings"]] == [entry["id"]]
    found = {one["check"]: one for one in page["items"][0]["findings"]}["standing"]
    assert found["reason"] == "This author is banned, reason: abuse (by mod)."
    assert written(client, judge, author={"name": "Bob"})["state"] == "approved"
    undo = client.post(f"/v1/moderation/standings/{entry['id']}/undo", headers=bearer)
    assert (undo.status_code, undo.get_json()["standing"]) == (201, "none")
    assert written(client, judge)["state"] == "approved"
    history = page_of(client, bearer, comment)["history"]
    assert [(one["standing"], one["undoes"]) for one in history] == [
        ("none", entry["id"]),
        ("banned", None),
    ]
    logged = session.execute(
        select(AuditEntry.action, AuditEntry.by, AuditEntry.subject)
        .where(AuditEntry.kind.in_(["ban", "author"]))
        .order_by(AuditEntry.seq)
    ).all()
    assert [tuple(row) for row in logged] == [
        ("banned", "mod", UUID(entry["id"])),
        ("taken back", "mod", UUID(undo.get_json()["id"])),
    ]


def test_undoing_goes_back_to_what_was_before(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    comment = written(client, judge)
    watched = decide(client, bearer, "watched", comment=comment["id"]).get_json()
    banned = decide(client, bearer, "banned", comment=comment["id"]).get_json()
    address = "/v1/moderation/standings/{}/undo"
    late = client.post(address.format(watched["id"]), headers=bearer)
    assert (late.status_code, late.get_json()["type"]) == (409, "/problems/conflict")
    back = client.post(address.format(banned["id"]), headers=bearer).get_json()
    assert (back["standing"], back["number"]) == ("watched", 3)
    assert written(client, judge)["state"] == "held"


def test_a_banned_address_is_known_under_another_name(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    comment = written(client, judge)
    decide(client, bearer, "banned", comment=comment["id"], kind="email")
    other = {"name": "Anne", "email": "ANN@mail.example"}
    assert written(client, judge, author=other)["state"] == "rejected"
    assert written(client, judge, author={"name": "Ann"})["state"] == "approved"


def test_a_ban_of_a_network_address_outlives_the_day(
    client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    """Its hash changes daily; whoever posts is compared by the key of the day of the ban."""
    nameless = {"name": "Eve"}
    comment = written(client, judge, author=nameless)
    before = datetime.now(UTC) - timedelta(days=2)
    session.execute(
        update(Comment).values(
            created_at=before, address_hash=address_hash(SECRET, HOME, before.date())
        )
    )
    session.execute(update(Revision).values(created_at=before))
    session.commit()
    answer = decide(client, bearer, "banned", comment=comment["id"], kind="address")
    assert answer.status_code == 201, answer.data
    later = written(client, judge, author=nameless)
    assert later["state"] == "held"
    assert written(client, judge, author=nameless, at=OFFICE)["state"] == "approved"
    rows = session.execute(select(WatchedAddress.address_hash, WatchedAddress.day)).all()
    today = datetime.now(UTC).date()
    expected: set[tuple[str, date | None]] = {
        (address_hash(SECRET, HOME, before.date()), before.date()),
        (address_hash(SECRET, HOME, today), None),
    }
    assert {(row.address_hash, row.day) for row in rows} == expected
    assert page_of(client, bearer, later)["standings"][0]["kind"] == "address"
    client.post(f"/v1/moderation/standings/{answer.get_json()['id']}/undo", headers=bearer)
    assert written(client, judge, author=nameless)["state"] == "approved"
    session.execute(update(WatchedAddress).values(until=now(-1)))
    session.commit()
    assert housekeeping.forget_addresses(session) == 2


def test_of_the_nameless_whose_address_is_forgotten_one_comment_is_known(
    client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    first, _ = (written(client, judge, author={"name": name}) for name in ("Eve", "Bob"))
    assert page_of(client, bearer, first)["comments"] == 2
    session.execute(update(Comment).values(address_hash=None))
    session.commit()
    page = page_of(client, bearer, first)
    assert (page["comments"], page["names"]) == (1, ["Eve"])
    assert decide(client, bearer, "banned", comment=first["id"], kind="address").status_code == 422


def test_what_has_expired_holds_nothing(
    client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    comment = written(client, judge)
    decide(client, bearer, "muted", comment=comment["id"])
    assert written(client, judge)["state"] == "held"
    session.execute(update(StandingEntry).values(until=now(-1)))
    session.commit()
    assert written(client, judge)["state"] == "approved"
    assert page_of(client, bearer, comment)["standings"] == []


def test_the_trusted_pass_where_newcomers_wait(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    policy = {"settings": {**WITHOUT_FILTER, "newcomer": {"first_comments": 3}}}
    client.put("/v1/moderation/sites/news/policy", headers=bearer, json=policy)
    comment = written(client, judge)
    assert comment["state"] == "held"
    decide(client, bearer, "trusted", comment=comment["id"])
    assert written(client, judge)["state"] == "approved"


def test_what_cannot_be_is_refused_in_words(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    comment = written(client, judge, author={"name": "Eve"})["id"]
    far = (datetime.now(UTC) + timedelta(days=40)).isoformat()
    past = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    for body, said in (
        ({"standing": "banned", "comment": comment}, "network address instead"),
        ({"standing": "trusted", "comment": comment, "kind": "address"}, "Only an author"),
        ({"standing": "banned", "comment": comment, "kind": "address", "until": far}, "30 days"),
        ({"standing": "muted", "comment": comment, "kind": "address", "until": None}, "until when"),
        ({"standing": "watched", "comment": comment, "kind": "address", "until": past}, "over"),
        ({"standing": "banned"}, "Name an author"),
    ):
        answer = client.post("/v1/moderation/standings", headers=bearer, json=body)
        assert answer.status_code == 422
        assert said in answer.get_json()["detail"]
    missing = decide(client, bearer, "banned", comment=str(new_id()))
    assert missing.status_code == 404


def test_of_many_who_decide_at_once_one_wins(
    app: Flask, client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    comment = written(client, judge)["id"]

    def attempt(_: int) -> int:
        with app.test_client() as own:
            return int(decide(own, bearer, "watched", comment=comment, seen=0).status_code)

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(attempt, range(8)))
    assert statuses == [201] + [409] * 7
    assert session.scalar(select(func.count()).select_from(StandingEntry)) == 1


def test_authors_of_other_sites_look_missing(
    client: FlaskClient, judge: Judge, session: Session
) -> None:
    comment = written(client, judge)
    sites.add_site(session, key="other", name="Other", origins=[], by="test")
    token = credentials.create_token(
        session, name="other", scopes=["moderate"], site="other", days=None, by="test"
    )
    foreign = {"Authorization": f"Bearer {token}"}
    assert decide(client, foreign, "banned", comment=comment["id"]).status_code == 404
    address = f"/v1/moderation/comments/{comment['id']}/author"
    assert client.get(address, headers=foreign).status_code == 404
    body = {"site": "news", "name": "Ann"}
    found = client.post("/v1/moderation/author-searches", headers=foreign, json=body)
    assert found.status_code == 404


def test_authors_are_found_by_name_and_by_e_mail(
    client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    author = page_of(client, bearer, written(client, judge))["author"]
    written(client, judge, author={"name": "Bob", "email": "bob@mail.example"})

    def found(**by: str) -> list[str]:
        body = {"site": "news", **by}
        answer = client.post("/v1/moderation/author-searches", headers=bearer, json=body)
        return [one["author"] for one in answer.get_json()["authors"]]

    assert found(name="AN") == found(email="Ann@mail.example") == [author]
    assert found(name="%") == found(email="nobody@mail.example") == []
    # From before there were keys.
    session.execute(update(Author).values(name_key=None, email_key=None))
    session.commit()
    assert found(name="an") == []
    assert housekeeping.key_authors(session, secret=SECRET, most=1) == 1
    assert housekeeping.key_authors(session, secret=SECRET, most=10) == 1
    assert housekeeping.key_authors(session, secret=SECRET, most=10) == 0
    assert found(name="ann") == found(email="ann@mail.example") == [author]
