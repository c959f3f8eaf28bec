"""Doors that strangers try: foreign pages, other sites' objects, ids, hosts and odd bodies."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.api.routes import ROUTES, Route
from service.config import Settings
from service.domain.ids import new_id
from service.store.audit_tables import AuditHead
from service.store.db import Base
from tests.conftest import ORIGIN
from tests.factories import PAGE, SIX_LINKS, a_comment, a_reader, decide, edit_header, post, queue

MakeApp = Callable[[Settings], Flask]
PUBLIC = [route for route in ROUTES if route.cors]
WRITES = [route for route in PUBLIC if route.method != "GET"]
# Each is nearly ORIGIN, which is https://news.example.
FOREIGN = (
    "null", "http://news.example", "https://news.example:8443", "https://news.example.evil.example",
    "https://evil-news.example", "https://evilnews.example", "https://news.example@evil.example",
    "https://sub.news.example", "https://NEWS.example.", "https://news.example/", "file://",
    "https://news.example https://evil.example", "https://evil.example?https://news.example", "*",
)  # fmt: skip


def rows(session: Session) -> dict[str, int]:
    """How many there are in each table."""
    counts = {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
    counts["audit_head"] = session.scalar(select(AuditHead.seq)) or 0
    session.rollback()
    return counts


def body_for(route: Route) -> dict[str, Any]:
    bodies: dict[str, dict[str, Any]] = {
        "POST /v1/comments": a_comment(),
        "PATCH /v1/comments/<uuid:id>": {"body": "Changed."},
        "PUT /v1/comments/<uuid:id>/vote": {"value": 1},
        "POST /v1/comments/<uuid:id>/reports": {"reason": "spam"},
    }
    return bodies.get(f"{route.method} {route.rule}", {})


@pytest.fixture
def shown(client: FlaskClient, judge: Callable[..., int]) -> dict[str, Any]:
    """The receipt of a comment that everybody sees."""
    receipt = post(client)
    judge()
    return receipt


def write(
    client: FlaskClient, route: Route, comment: dict[str, Any], **headers: str
) -> TestResponse:
    """As the author, or another reader, would."""
    who = edit_header(comment) if route.access.name == "AUTHOR" else a_reader(1)
    url = route.rule.replace("<uuid:id>", comment["id"])
    body = body_for(route)
    return client.open(url, method=route.method, json=body or None, headers=who | headers)


def test_no_other_website_writes(
    client: FlaskClient, session: Session, shown: dict[str, Any]
) -> None:
    before = rows(session)
    for route in WRITES:
        for origin in FOREIGN:
            answer = write(client, route, shown, Origin=origin)
            assert answer.status_code == 403, (route.rule, origin)
            assert "Access-Control-Allow-Origin" not in answer.headers
    assert rows(session) == before


def test_the_sites_own_pages_write_everywhere(client: FlaskClient, shown: dict[str, Any]) -> None:
    """So that the test above refuses them for their origin, and for nothing else."""
    for route in sorted(WRITES, key=lambda route: route.access.name == "AUTHOR"):
        answer = write(client, route, shown, Origin=ORIGIN)
        assert answer.status_code in (202, 204), (route.method, route.rule, answer.text)
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_only_websites_that_are_listed_read(client: FlaskClient, shown: dict[str, Any]) -> None:
    for route in PUBLIC:
        url = route.rule.replace("<uuid:id>", shown["id"])
        for origin in FOREIGN:
            asked = {"Origin": origin, "Access-Control-Request-Method": route.method}
            answers = [client.options(url, headers=asked)]
            if route.method == "GET":
                query = {} if "<" in route.rule else {"site": "news", "page": PAGE}
                answers.append(client.get(url, query_string=query, headers=asked))
            for answer in answers:
                assert "Access-Control-Allow-Origin" not in answer.headers, (url, origin)
                assert "Origin" in answer.headers["Vary"], url


def test_what_is_not_public_is_for_no_other_website(
    client: FlaskClient, bearer: dict[str, str]
) -> None:
    """Neither may a page read it, nor may a browser put it where such a page could spy it out."""
    foreign = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
    for route in ROUTES:
        if not route.cors:
            url = route.rule.replace("<uuid:id>", str(new_id())).replace("<site>", "news")
            preflight = client.options(url, headers=foreign)
            answer = client.open(url, method=route.method, headers=bearer)
            for one in (preflight, answer):
                assert "Access-Control-Allow-Origin" not in one.headers, url
                assert one.headers["Cross-Origin-Resource-Policy"] == "same-origin", url


def test_what_is_embedded_may_be(client: FlaskClient) -> None:
    for url in ("/embed/comments.js", "/embed/count.js", "/embed/static/fragment.css",
                "/embed/thread?site=news&page=p", "/v1/comments?site=news&page=p"):  # fmt: skip
        assert client.get(url).headers["Cross-Origin-Resource-Policy"] == "cross-origin", url


def test_what_is_no_json_or_form_is_refused_everywhere(
    client: FlaskClient, session: Session, bearer: dict[str, str]
) -> None:
    """Bodies in parts take many times their size in memory, and compressed ones more still."""
    before = rows(session)
    for url in (
        "/v1/comments",
        "/v1/moderation/decisions",
        "/embed/thread",
        "/desk/sign-in",
        "/desk/views",
    ):
        for kind in ("multipart/form-data; boundary=x", "Multipart/Mixed; boundary=x"):
            answer = client.post(url, data=b"--x\r\n\r\n", content_type=kind, headers=bearer)
            assert answer.get_json()["code"] == "unsupported-media-type", url
        odd = {"Content-Encoding": "gzip"}
        answer = client.post(url, data={"site": "news"}, headers=bearer | odd)
        assert answer.get_json()["code"] == "unsupported-encoding", url
    assert rows(session) == before


def test_what_is_not_there_or_not_for_you_looks_the_same(
    client: FlaskClient, judge: Callable[..., int], bearer: dict[str, str]
) -> None:
    held, rejected, deleted = (post(client, body=f"{SIX_LINKS} {n}") for n in range(3))
    judge()
    [item] = [one for one in queue(client, bearer) if one["comment"] == rejected["id"]]
    decide(client, bearer, item, "rejected")
    client.delete(f"/v1/comments/{deleted['id']}", headers=edit_header(deleted))
    waiting = post(client, body="Not judged yet.")
    wrong = {"Authorization": f"Edit {held['edit_token']}x"}
    asked: list[tuple[str, str, dict[str, str], Any]] = [
        ("GET", "", {}, None),
        ("HEAD", "", {}, None),
        ("GET", "", wrong, None),
        ("GET", "", {"Authorization": "Bearer aw_wrong"}, None),
        ("PATCH", "", wrong, {"body": "x"}),
        ("DELETE", "", wrong, None),
        ("PUT", "/vote", a_reader(1), {"value": 1}),
        ("DELETE", "/vote", a_reader(1), None),
        ("POST", "/reports", a_reader(1), {"reason": "spam"}),
    ]
    for method, suffix, headers, body in asked:
        answers = {
            _seen(
                client.open(f"/v1/comments/{id}{suffix}", method=method, headers=headers, json=body)
            )
            for id in (held["id"], rejected["id"], deleted["id"], waiting["id"], str(new_id()))
        }
        assert len(answers) == 1, (method, suffix, answers)
        [(status, *_)] = answers
        assert status in (403, 404)
    replies = {
        _seen(client.post("/v1/comments", json=a_comment(parent=id)))
        for id in (held["id"], rejected["id"], waiting["id"], str(new_id()))
    }
    assert len(replies) == 1


def _seen(answer: TestResponse) -> tuple[int, bytes, str]:
    names = sorted((name, value) for name, value in answer.headers if name != "X-Request-Id")
    return answer.status_code, answer.data, str(names)
