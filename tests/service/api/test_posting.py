"""Posting, editing and withdrawing, through the door that readers use."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.actions import sites
from service.bell import SilentBell
from service.domain.states import State
from service.store.db import now
from service.store.models import Author, Comment, Revision
from tests.conftest import ORIGIN
from tests.factories import PAGE, SIX_LINKS, a_comment, decide, edit_header, post, queue, shown

Judge = Callable[..., int]


def test_a_posted_comment_is_stored_before_the_answer(
    client: FlaskClient, session: Session
) -> None:
    response = client.post("/v1/comments", json=a_comment())
    assert response.status_code == 202
    receipt = response.get_json()
    assert response.headers["Location"] == f"/v1/comments/{receipt['id']}"
    assert receipt["state"] == "received"
    assert session.scalars(select(Revision.state)).all() == [State.RECEIVED]


def test_nothing_is_shown_before_it_was_judged(client: FlaskClient, judge: Judge) -> None:
    post(client)
    assert shown(client)["comments"] == []
    judge()
    assert [comment["body_html"] for comment in shown(client)["comments"]] == [
        "<p>I disagree with the author.</p>"
    ]
    assert shown(client)["count"] == 1


def test_a_suspect_comment_is_held_with_its_findings(
    client: FlaskClient, judge: Judge, bearer: dict[str, str]
) -> None:
    post(client, body=SIX_LINKS)
    judge()
    assert shown(client)["comments"] == []
    [item] = queue(client, bearer)
    found = {finding["check"]: finding for finding in item["findings"]}
    assert found["links"]["verdict"] == "hold"
    assert found["links"]["reason"]
    first = found["links"]["spans"][0]
    assert item["body"][first["start"] : first["end"]].startswith("https://shop0.example")


def test_an_approved_comment_appears_and_a_rejected_one_goes(
    client: FlaskClient, judge: Judge, bearer: dict[str, str]
) -> None:
    post(client, body=SIX_LINKS)
    judge()
    [item] = queue(client, bearer)
    assert decide(client, bearer, item, "approved")["outcome"] == "moved"
    assert shown(client)["count"] == 1
    [item] = queue(client, bearer, state="approved")
    decide(client, bearer, item, "rejected")
    assert shown(client)["comments"] == []
    assert shown(client)["count"] == 0


def test_the_author_sees_the_state_and_nobody_else_does(client: FlaskClient, judge: Judge) -> None:
    receipt = post(client, body=SIX_LINKS)
    judge()
    address = f"/v1/comments/{receipt['id']}"
    own = client.get(address, headers=edit_header(receipt))
    assert own.get_json()["state"] == "held"
    assert own.headers["Cache-Control"] == "no-store"
    missing = client.get("/v1/comments/01a20478-1041-75b5-aaf4-40af7855f88e")
    for headers in ({}, {"Authorization": "Edit wrong"}, {"Authorization": "Bearer x"}):
        answer = client.get(address, headers=headers)
        assert (answer.status_code, answer.data) == (404, missing.data)


def test_an_edit_is_judged_again_while_the_approved_text_stays(
    client: FlaskClient, judge: Judge, bearer: dict[str, str]
) -> None:
    receipt = post(client)
    judge()
    address = f"/v1/comments/{receipt['id']}"
    assert (
        client.patch(address, json={"body": SIX_LINKS}, headers=edit_header(receipt)).status_code
        == 202
    )
    judge()
    assert shown(client)["comments"][0]["body_html"] == "<p>I disagree with the author.</p>"
    assert shown(client)["comments"][0]["edited_at"] is None
    [item] = queue(client, bearer)
    decide(client, bearer, item, "approved")
    assert "shop0" in shown(client)["comments"][0]["body_html"]
    assert shown(client)["comments"][0]["edited_at"] is not None
    assert shown(client)["count"] == 1


def test_an_edit_withdraws_the_version_that_nobody_decided_on(
    client: FlaskClient, judge: Judge, bearer: dict[str, str]
) -> None:
    receipt = post(client, body=SIX_LINKS)
    judge()
    client.patch(
        f"/v1/comments/{receipt['id']}", json={"body": "Better."}, headers=edit_header(receipt)
    )
    judge()
    assert queue(client, bearer) == []
    assert shown(client)["comments"][0]["body_html"] == "<p>Better.</p>"


def test_an_edit_cannot_slip_past_a_moderators_rejection(
    client: FlaskClient, judge: Judge, bearer: dict[str, str]
) -> None:
    receipt = post(client)
    judge()
    [item] = queue(client, bearer, state="approved")
    decide(client, bearer, item, "rejected")
    client.patch(
        f"/v1/comments/{receipt['id']}", json={"body": "Try this."}, headers=edit_header(receipt)
    )
    judge()
    assert shown(client)["comments"] == []
    [item] = queue(client, bearer)
    assert any(finding["check"] == "history" for finding in item["findings"])


def test_edits_end_with_the_window(client: FlaskClient, session: Session) -> None:
    receipt = post(client)
    session.execute(update(Comment).values(editable_until=now(-1)))
    session.commit()
    answer = client.patch(
        f"/v1/comments/{receipt['id']}", json={"body": "Late."}, headers=edit_header(receipt)
    )
    assert answer.status_code == 403
    assert session.scalar(select(func.count(Revision.id))) == 1


@pytest.mark.parametrize(
    "header", ["Edit wrong", "Edit ", "Bearer x", "Edit ☃".encode().decode("latin-1")]
)
def test_a_foreign_token_changes_nothing(
    client: FlaskClient, session: Session, header: str
) -> None:
    receipt = post(client)
    address = f"/v1/comments/{receipt['id']}"
    for method in (client.patch, client.delete):
        answer = method(address, json={"body": "Mine now."}, headers={"Authorization": header})
        assert answer.status_code == 403
    assert session.scalars(select(Revision.body)).all() == ["I disagree with the author."]


def test_the_token_of_one_comment_is_no_good_for_another(client: FlaskClient) -> None:
    first, second = post(client), post(client, body="Another one.")
    answer = client.delete(f"/v1/comments/{second['id']}", headers=edit_header(first))
    assert answer.status_code == 403


def test_deletion_leaves_a_tombstone_where_there_are_replies(
    client: FlaskClient, judge: Judge
) -> None:
    parent = post(client)
    judge()
    reply = post(client, body="I do not.", parent=parent["id"], author={"name": "Bob"})
    judge()
    assert (
        client.delete(f"/v1/comments/{parent['id']}", headers=edit_header(parent)).status_code
        == 204
    )
    [tombstone] = shown(client)["comments"]
    assert (tombstone["author"], tombstone["body_html"]) == (None, None)
    assert [answer["body_html"] for answer in tombstone["replies"]] == ["<p>I do not.</p>"]
    assert shown(client)["count"] == 1
    client.delete(f"/v1/comments/{reply['id']}", headers=edit_header(reply))
    assert shown(client)["comments"] == []


def test_a_deleted_comment_is_missing_even_to_its_author(client: FlaskClient) -> None:
    receipt = post(client)
    address = f"/v1/comments/{receipt['id']}"
    assert client.delete(address, headers=edit_header(receipt)).status_code == 204
    for method in (client.get, client.delete):
        assert method(address, headers=edit_header(receipt)).status_code == 404


def test_the_same_key_makes_one_comment_and_the_same_answer(
    client: FlaskClient, session: Session
) -> None:
    headers = {"Idempotency-Key": "a-key"}
    first = client.post("/v1/comments", json=a_comment(), headers=headers)
    again = client.post("/v1/comments", json=a_comment(), headers=headers)
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert session.scalar(select(func.count(Comment.id))) == 1


def test_the_same_key_with_another_text_is_refused(client: FlaskClient) -> None:
    headers = {"Idempotency-Key": "a-key"}
    client.post("/v1/comments", json=a_comment(), headers=headers)
    answer = client.post("/v1/comments", json=a_comment(body="Other."), headers=headers)
    assert answer.status_code == 422
    assert answer.get_json()["type"] == "/problems/idempotency-mismatch"


def test_the_same_key_of_another_author_is_another_key(client: FlaskClient) -> None:
    headers = {"Idempotency-Key": "1"}
    first = client.post("/v1/comments", json=a_comment(), headers=headers).get_json()
    other = client.post("/v1/comments", json=a_comment(author={"name": "Bob"}), headers=headers)
    assert other.status_code == 202
    assert other.get_json()["id"] != first["id"]


def test_replies_go_only_under_what_is_shown(client: FlaskClient, judge: Judge) -> None:
    held = post(client, body=SIX_LINKS)
    public = post(client, page="another-page")
    judge()
    for parent in (held["id"], public["id"], "01a20478-1041-75b5-aaf4-40af7855f88e"):
        answer = client.post("/v1/comments", json=a_comment(parent=parent, body="Reply."))
        assert answer.status_code == 422
        assert "parent" in answer.get_json()["errors"]


def test_a_closed_thread_takes_nothing(
    client: FlaskClient, bearer: dict[str, str], session: Session
) -> None:
    closed = {"site": "news", "page": PAGE, "mode": "closed"}
    assert client.put("/v1/moderation/threads", json=closed, headers=bearer).status_code == 200
    assert client.post("/v1/comments", json=a_comment()).status_code == 403
    assert session.scalar(select(func.count(Comment.id))) == 0
    assert shown(client)["mode"] == "closed"


def test_a_premoderated_thread_holds_everything(
    client: FlaskClient, bearer: dict[str, str], judge: Judge
) -> None:
    change = {"site": "news", "page": PAGE, "mode": "premoderated"}
    client.put("/v1/moderation/threads", json=change, headers=bearer)
    post(client)
    judge()
    assert shown(client)["comments"] == []
    assert len(queue(client, bearer)) == 1


def test_only_the_sites_own_pages_may_post(client: FlaskClient, session: Session) -> None:
    own = client.post("/v1/comments", json=a_comment(), headers={"Origin": ORIGIN})
    assert own.status_code == 202
    assert own.headers["Access-Control-Allow-Origin"] == ORIGIN
    foreign = ("https://evil.example", "http://news.example", "https://news.example:444", "null")
    for origin in (*foreign, "https://notnews.example", "https://news.example.evil.example"):
        answer = client.post("/v1/comments", json=a_comment(), headers={"Origin": origin})
        assert answer.status_code == 403, origin
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Origin" in answer.headers["Vary"]
    assert session.scalar(select(func.count(Comment.id))) == 1


def test_a_page_url_must_be_the_sites_own(client: FlaskClient) -> None:
    assert post(client, page_url="https://news.example/harbour")
    for url in (
        "https://evil.example/",
        "https://news.example.evil.example/",
        "javascript:alert(1)",
    ):
        answer = client.post("/v1/comments", json=a_comment(page_url=url))
        assert answer.status_code == 422
        assert "page_url" in answer.get_json()["errors"]


def test_an_email_is_kept_hashed_and_sealed_only(client: FlaskClient, session: Session) -> None:
    post(client, author={"name": "Ann", "email": "Ann@Example.org"})
    author = session.scalars(select(Author)).one()
    assert "ann@example.org" not in (author.identity + str(author.email_sealed)).lower()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"body": "  \n "}, "body"),
        ({"body": "\u200b\u2060\u2800"}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"body": "x" * 20_001}, "body"),
        ({"body": 5}, "body"),
        ({"author": {"name": "\u202egro"}}, "author.name"),
        ({"author": {"name": "m\u043ed"}}, "author.name"),
        ({"author": {"name": "\U0001d400nn"}}, "author.name"),
        ({"author": {"name": "..."}}, "author.name"),
        ({"author": {"name": "x" * 61}}, "author.name"),
        ({"author": {"name": "Ann", "email": "no"}}, "author.email"),
        ({"author": {"name": "Ann", "badge": "staff"}}, "author.badge"),
        ({"author": None}, "author"),
        ({"page": "a\x07"}, "page"),
        ({"page": "x" * 501}, "page"),
        ({"page": "http://[broken"}, "page"),
        ({"parent": "1"}, "parent"),
        ({"state": "approved"}, "state"),
        ({"form": {"seconds": -1}}, "form.seconds"),
    ],
)
def test_bad_input_is_refused_with_the_name_of_the_field(
    client: FlaskClient, session: Session, change: dict[str, object], field: str
) -> None:
    comment = a_comment() | change
    answer = client.post("/v1/comments", json={k: v for k, v in comment.items() if v is not None})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert list(answer.get_json()["errors"]) == [field]
    assert session.scalar(select(func.count(Comment.id))) == 0


def test_an_unknown_site_is_not_found(client: FlaskClient) -> None:
    assert client.post("/v1/comments", json=a_comment(site="nowhere")).status_code == 404


def test_a_filled_trap_is_never_shown(client: FlaskClient, judge: Judge, session: Session) -> None:
    post(client, form={"website": "https://spam.example", "seconds": 9.5})
    judge()
    assert session.scalars(select(Revision.state)).all() == [State.SPAM]


def test_pages_are_one_thread_whatever_the_address_carries(
    client: FlaskClient, judge: Judge
) -> None:
    post(client, page="https://NEWS.example:443/harbour?utm_source=x&fbclid=1#comments")
    judge()
    assert shown(client)["count"] == 1


def test_the_policy_says_what_a_rejected_author_sees(
    client: FlaskClient, judge: Judge, session: Session
) -> None:
    receipt = post(client, form={"website": "https://spam.example"})
    judge()
    address, headers = f"/v1/comments/{receipt['id']}", edit_header(receipt)
    assert client.get(address, headers=headers).get_json()["state"] == "spam"
    policy = {"rejected_sees": "waiting"}
    sites.set_policy(session, SilentBell(), "news", seen=None, settings=policy, by="test")
    assert client.get(address, headers=headers).get_json()["state"] == "held"
