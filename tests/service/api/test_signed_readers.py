"""Readers whom their publisher signs in."""

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.actions import identities, sites
from service.bell import SilentBell
from service.domain.identity import Algorithm
from service.domain.reader_tokens import read_key
from service.store.models import Author, Comment
from service.store.reader_tables import IdentityKey, Vote
from tests.factories import SECRET, a_comment, a_reader, queue, shown

Judge = Callable[..., int]
KEY = "c0ffee" + "0123456789abcdef" * 4


def signed(secret: str = KEY, **changes: Any) -> dict[str, str]:
    claims = {"aud": "news", "exp": int(time.time()) + 60, "sub": "u1", "name": "Ann", **changes}
    return {
        "Authorization": f"Reader {jwt.encode({'alg': 'HS256'}, claims, OctKey.import_key(secret))}"
    }


@pytest.fixture
def with_key(session: Session, news: str) -> None:
    set_key(session, KEY)


def set_key(session: Session, secret: str) -> int:
    key = read_key(Algorithm.HS256, secret.encode())
    return identities.set_key(session, "news", key, secret=SECRET, by="test")


def require(session: Session) -> None:
    policy = {"identity": "required"}
    sites.set_policy(session, SilentBell(), "news", seen=None, settings=policy, by="test")


@pytest.mark.usefixtures("with_key")
def test_the_token_says_who_writes(
    client: FlaskClient, judge: Judge, bearer: dict[str, str], session: Session
) -> None:
    for author in (None, {"name": "Mallory", "email": "m@example.org"}):
        answer = client.post(
            "/v1/comments",
            json=a_comment(author=author, body=f"By {author}."),
            headers=signed(badge="Staff"),
        )
        assert answer.status_code == 202
    judge()
    comments = shown(client)["comments"]
    assert [one["author"] for one in comments] == [{"name": "Ann", "badge": "Staff"}] * 2
    assert client.get(f"/v1/comments/{comments[0]['id']}").get_json()["author"]["badge"] == "Staff"
    [author] = session.scalars(select(Author)).all()
    assert author.identity.startswith("signed:")
    assert author.email_sealed is None
    items = queue(client, bearer, state="approved")
    assert {item["author"]["badge"] for item in items} == {"Staff"}


@pytest.mark.usefixtures("with_key")
def test_readers_are_told_apart_by_subject_and_not_by_name(
    client: FlaskClient, session: Session
) -> None:
    for subject, name in (("u1", "Ann"), ("u1", "Ann B."), ("u2", "Ann")):
        headers = signed(sub=subject, name=name)
        client.post("/v1/comments", json=a_comment(author=None), headers=headers)
    ids = session.scalars(select(Comment.author_id).order_by(Comment.id)).all()
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.usefixtures("with_key")
def test_a_token_that_is_not_good_is_refused_and_nothing_is_stored(
    client: FlaskClient, session: Session
) -> None:
    refused = {
        "expired": signed(exp=int(time.time()) - 3600),
        "aud": signed(aud="other"),
        "another key": signed("another " + KEY),
        "no JWT": {"Authorization": "Reader rubbish"},
    }
    for told, headers in refused.items():
        answer = client.post("/v1/comments", json=a_comment(), headers=headers)
        assert answer.status_code == 401
        assert answer.get_json()["type"] == "/problems/unauthenticated"
        assert told in answer.get_json()["detail"]
    assert session.scalars(select(Comment)).all() == []


def test_a_site_without_a_key_takes_no_tokens(client: FlaskClient) -> None:
    answer = client.post("/v1/comments", json=a_comment(), headers=signed())
    assert answer.status_code == 401
    assert "afterword site identity" in answer.get_json()["detail"]


@pytest.mark.usefixtures("with_key")
def test_a_site_may_want_all_its_readers_signed_in(client: FlaskClient, session: Session) -> None:
    assert shown(client)["identity"] == "optional"
    nameless = client.post("/v1/comments", json=a_comment(author=None))
    assert list(nameless.get_json()["errors"]) == ["author"]
    require(session)
    assert shown(client)["identity"] == "required"
    anonymous = client.post("/v1/comments", json=a_comment())
    assert anonymous.status_code == 403
    assert "sign in" in anonymous.get_json()["detail"]
    answer = client.post("/v1/comments", json=a_comment(author=None), headers=signed())
    assert answer.status_code == 202


@pytest.mark.usefixtures("with_key")
def test_a_signed_reader_has_one_vote_from_wherever(
    client: FlaskClient, judge: Judge, session: Session
) -> None:
    comment = client.post("/v1/comments", json=a_comment()).get_json()["id"]
    judge()
    for headers in (signed(), {**signed(), **a_reader(1)}, {**signed(), **a_reader(2)}):
        answer = client.put(f"/v1/comments/{comment}/vote", json={"value": 1}, headers=headers)
        assert answer.status_code == 204
    [vote] = session.scalars(select(Vote)).all()
    assert vote.address_hash is None
    foreign = {**signed("x" + KEY), **a_reader(3)}
    bad = client.put(f"/v1/comments/{comment}/vote", json={"value": 1}, headers=foreign)
    assert bad.status_code == 401


@pytest.mark.usefixtures("with_key")
def test_a_signed_reader_does_not_vote_on_an_own_comment(client: FlaskClient, judge: Judge) -> None:
    new = a_comment(author=None)
    comment = client.post("/v1/comments", json=new, headers=signed()).get_json()["id"]
    judge()
    address = f"/v1/comments/{comment}/vote"
    assert client.put(address, json={"value": 1}, headers=signed()).status_code == 403
    other = signed(sub="u2")
    assert client.put(address, json={"value": 1}, headers=other).status_code == 204


@pytest.mark.usefixtures("with_key")
def test_sent_again_with_its_key_it_is_one_comment(client: FlaskClient) -> None:
    def send(**changes: Any) -> str:
        headers = {**signed(**changes), "Idempotency-Key": "k1"}
        answer = client.post("/v1/comments", json=a_comment(author=None), headers=headers)
        identifier: str = answer.get_json()["id"]
        return identifier

    first = send()
    assert send(exp=int(time.time()) + 120) == first
    assert send(sub="u2") != first


def test_two_keys_are_good_while_a_publisher_changes_over(
    client: FlaskClient, session: Session
) -> None:
    secrets = [f"{KEY}{number}" for number in range(3)]
    assert [set_key(session, secret) for secret in secrets] == [1, 2, 2]
    tried = [
        client.post("/v1/comments", json=a_comment(), headers=signed(secret)).status_code
        for secret in secrets
    ]
    assert tried == [401, 202, 202]
    identities.forget_keys(session, "news", but_newest=True, by="test")
    assert client.post(
        "/v1/comments", json=a_comment(), headers=signed(secrets[1])
    ).status_code == 401  # fmt: skip


@pytest.mark.usefixtures("with_key")
def test_keys_are_stored_sealed(session: Session, client: FlaskClient) -> None:
    sealed = session.scalar(select(IdentityKey.key_sealed))
    assert sealed is not None
    assert KEY not in sealed
    session.execute(update(IdentityKey).values(key_sealed=sealed[:-8] + "AAAAAAA="))
    session.commit()
    assert client.post("/v1/comments", json=a_comment(), headers=signed()).status_code == 401


def test_no_process_that_serves_is_kept_waiting_by_what_only_tokens_need() -> None:
    code = "import sys, service.wsgi, workers.processes; sys.exit('joserfc' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
