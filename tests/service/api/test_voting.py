"""Readers vote."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.actions import sites
from service.actions.voting import MOST_FROM_ADDRESS
from service.bell import SilentBell
from service.store.models import Comment, Thread
from service.store.reader_tables import Vote
from tests.conftest import ORIGIN
from tests.factories import SIX_LINKS, a_reader, a_text, post, shown

Judge = Callable[..., int]


def vote(
    client: FlaskClient, comment: str, value: int, *, reader: int = 1, address: str = "192.0.2.1"
) -> TestResponse:
    return client.put(
        f"/v1/comments/{comment}/vote",
        json={"value": value},
        headers=a_reader(reader),
        environ_overrides={"REMOTE_ADDR": address},
    )


def allow(session: Session, votes: str) -> None:
    sites.set_policy(session, SilentBell(), "news", seen=None, settings={"votes": votes}, by="test")


@pytest.fixture
def public(client: FlaskClient, judge: Judge) -> str:
    comment: str = post(client)["id"]
    judge()
    return comment


def test_a_reader_has_one_vote_on_a_comment(client: FlaskClient, public: str, session) -> None:
    allow(session, "both")
    for _ in range(2):
        assert vote(client, public, 1).status_code == 204
    assert shown(client)["comments"][0]["votes"] == 1
    vote(client, public, -1)
    assert shown(client)["comments"][0]["votes"] == -1
    assert client.get(f"/v1/comments/{public}").get_json()["votes"] == -1


def test_a_vote_can_be_taken_back_more_than_once(client: FlaskClient, public: str) -> None:
    vote(client, public, 1)
    for _ in range(2):
        address = f"/v1/comments/{public}/vote"
        assert client.delete(address, headers=a_reader(1)).status_code == 204
        assert shown(client)["comments"][0]["votes"] == 0


def test_top_shows_first_what_readers_are_surest_of(
    client: FlaskClient, judge: Judge, session: Session
) -> None:
    allow(session, "both")
    one, two, three = [post(client, body=a_text(number))["id"] for number in range(3)]
    judge()
    for reader in range(9):
        vote(client, two, 1, reader=reader, address=f"192.0.2.{reader}")
    vote(client, two, -1, reader=10, address="192.0.2.10")
    vote(client, one, 1)
    vote(client, three, -1)
    assert [one["id"] for one in shown(client, sort="top")["comments"]] == [two, one, three]


def test_a_page_that_shows_votes_is_thrown_away_with_each(
    client: FlaskClient, public: str, session: Session
) -> None:
    before = session.scalar(select(Thread.changes))
    vote(client, public, 1)
    vote(client, public, 1)  # nothing new
    session.rollback()
    assert session.scalar(select(Thread.changes)) == before + 1


def test_the_policy_says_what_votes_there_are(
    client: FlaskClient, public: str, session: Session
) -> None:
    assert shown(client)["voting"] == "up"
    against = vote(client, public, -1)
    assert (against.status_code, list(against.get_json()["errors"])) == (422, ["value"])
    vote(client, public, 1)
    allow(session, "off")
    assert vote(client, public, 1, reader=2).status_code == 403
    page = shown(client)
    assert (page["voting"], page["comments"][0]["votes"]) == ("off", 0)


def test_only_what_is_public_can_be_voted_on(client: FlaskClient, judge: Judge) -> None:
    held = post(client, body=SIX_LINKS)["id"]
    judge()
    for comment in (held, str(uuid4())):
        assert vote(client, comment, 1).status_code == 404
        assert client.delete(
            f"/v1/comments/{comment}/vote", headers=a_reader(1)
        ).status_code == 404  # fmt: skip


def test_a_vote_is_a_whole_one_of_somebody(client: FlaskClient, public: str) -> None:
    for value in (0, 2, "1", 1.5, True, None):
        assert vote(client, public, value).status_code == 422
    for identifier in ("", "short", "x" * 65, "spaces are not allowed"):
        answer = client.put(
            f"/v1/comments/{public}/vote",
            json={"value": 1},
            headers={"Afterword-Reader": identifier},
        )
        assert list(answer.get_json()["errors"]) == ["Afterword-Reader"]


def test_other_websites_cannot_vote_and_the_sites_own_can(client: FlaskClient, public: str) -> None:
    headers = a_reader(1)
    for origin, status in (("https://evil.example", 403), (ORIGIN, 204)):
        answer = client.put(
            f"/v1/comments/{public}/vote", json={"value": 1}, headers={**headers, "Origin": origin}
        )
        assert answer.status_code == status
        assert ("Access-Control-Allow-Origin" in answer.headers) == (origin == ORIGIN)
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PUT"}
    preflight = client.options(f"/v1/comments/{public}/vote", headers=asked)
    assert "Afterword-Reader" in preflight.headers["Access-Control-Allow-Headers"]
    assert "PUT" in preflight.headers["Access-Control-Allow-Methods"]


def test_making_up_readers_at_one_address_moves_little(
    client: FlaskClient, public: str, session: Session
) -> None:
    answers = [vote(client, public, 1, reader=n).status_code for n in range(MOST_FROM_ADDRESS + 3)]
    assert answers == [204] * MOST_FROM_ADDRESS + [403] * 3
    assert vote(client, public, 1, reader=99, address="198.51.100.7").status_code == 204
    assert shown(client)["comments"][0]["votes"] == MOST_FROM_ADDRESS + 1
    stored = session.scalars(select(Vote)).all()
    assert not any("192.0.2.1" in (vote.address_hash or "") for vote in stored)


def test_votes_that_come_at_once_are_all_counted(
    app: Flask, client: FlaskClient, public: str, session: Session
) -> None:
    allow(session, "both")

    def cast(number: int) -> int:
        address = f"10.{number // 250}.{number % 250}.1"
        value = 1 if number % 3 else -1
        return vote(app.test_client(), public, value, reader=number, address=address).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(cast, range(200))) == {204}
    session.rollback()
    counted = session.execute(select(Comment.ups, Comment.downs)).one()
    rows = session.execute(
        select(
            func.count().filter(Vote.value == 1), func.count().filter(Vote.value == -1)
        ).select_from(Vote)
    ).one()
    assert tuple(counted) == tuple(rows) == (133, 67)
