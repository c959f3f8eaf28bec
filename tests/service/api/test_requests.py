"""What every URL has in common: how requests are read, and what errors look like."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.config import Settings
from service.store.models import Comment
from tests.conftest import ORIGIN
from tests.factories import PAGE, SECRET, a_comment

JSON = {"Content-Type": "application/json"}
PAGE_QUERY = {"site": "news", "page": PAGE}


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        (b"[" * 2_000 + b"]" * 2_000, "invalid-json"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "invalid-json"),
        (b'{"body": NaN}', "invalid-json"),
        (b'{"body": -Infinity}', "invalid-json"),
        (b'{"body": "a", "body": "b"}', "invalid-json"),
        (b'{"body": "\xff"}', "invalid-json"),
        (b'{"body": "\xc0\xbc"}', "invalid-json"),
        (b'{"body": "\\ud800"}', "invalid-json"),
        (b'{"body": "a"', "invalid-json"),
        (b'{"body": "a"}{}', "invalid-json"),
        (b'{"body": ' + b"9" * 5_000 + b"}", "invalid-json"),
        ('{"body": "a"}'.encode("utf-16"), "invalid-json"),
        (b"\xef\xbb\xbf{}", "invalid-json"),
        (b"", "invalid-json"),
        (b"[]", "invalid-request"),
        (b"null", "invalid-request"),
        (b'"x"', "invalid-request"),
        (b'{"body": 1e400}', "invalid-request"),
        (b'{"x": "' + b"a" * 70_000 + b'"}', "payload-too-large"),
    ],
)
def test_only_strict_json_is_read(client: FlaskClient, body: bytes, slug: str) -> None:
    answer = client.post("/v1/comments", data=body, headers=JSON)
    assert answer.get_json()["type"] == f"/problems/{slug}"


@pytest.mark.parametrize(
    ("headers", "slug"),
    [
        ({}, "unsupported-media-type"),
        ({"Content-Type": "text/plain"}, "unsupported-media-type"),
        ({"Content-Type": "application/json, text/plain"}, "unsupported-media-type"),
        ({"Content-Type": "application/json; charset=utf-7"}, "unsupported-media-type"),
        (JSON | {"Content-Encoding": "gzip"}, "unsupported-encoding"),
        (JSON | {"X-Large": "x" * 16_000}, "header-too-large"),
        (JSON | {"Idempotency-Key": "k" * 201}, "invalid-request"),
        (JSON | {"Idempotency-Key": "\xfc"}, "invalid-request"),
    ],
)
def test_only_plain_json_is_taken(
    client: FlaskClient, session: Session, headers: dict[str, str], slug: str
) -> None:
    answer = client.post("/v1/comments", data=b'{"site":"news","page":"p","body":"b","author":'
                         b'{"name":"Ann"}}', headers=headers)  # fmt: skip
    assert answer.get_json()["type"] == f"/problems/{slug}"
    assert session.scalar(select(func.count(Comment.id))) == 0


def test_a_body_of_unknown_length_is_cut_off_and_refused(client: FlaskClient) -> None:
    environ = {"wsgi.input_terminated": True, "wsgi.input": BytesIO(b" " * 70_000)}
    chunked = JSON | {"Transfer-Encoding": "chunked"}
    answer = client.post("/v1/comments", headers=chunked, environ_overrides=environ)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "query",
    [
        "site=news",
        "site=news&page=a&page=b",
        "site=news&page=a&limit=0",
        "site=news&page=a&limit=101",
        "site=news&page=a&limit=1_0",
        "site=news&page=a&sort=created_at",
        "site=news&page=a&status=held",
        "site=news&page=a&after=AAAA",
        "site=news&page=a&after=gASVHgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULg==",
        "site=news&page=%ED%A0%80",
        "site=news&page=a%00",
    ],
)
def test_queries_are_as_strict_as_bodies(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/v1/comments?{query}")
    assert answer.status_code == 422
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_site_has_a_key_that_a_database_cannot_hold(
    client: FlaskClient, bearer: dict[str, str]
) -> None:
    for path in (
        "/v1/comments?site=a%00&page=b",
        "/embed/thread?site=a%00&page=b",
        "/v1/moderation/queue?site=a%00",
        "/v1/moderation/sites/a%00/policy",
    ):
        assert client.get(path, headers=bearer).status_code == 404, path


def test_a_refusal_is_short_whatever_was_sent(client: FlaskClient) -> None:
    for unknown in ({f"x{number}": 1 for number in range(4_000)}, {"x" * 50_000: 1}):
        answer = client.post("/v1/comments", json=a_comment() | unknown)
        assert answer.get_json()["type"] == "/problems/invalid-request"
        assert len(answer.data) < 8_000
    answer = client.post("/v1/comments", json=a_comment(site="echo"))
    assert answer.status_code == 404
    assert "echo" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/comments/style.css", 404),
        ("GET", "/v1/comments/1", 404),
        ("DELETE", "/v1/comments", 405),
        ("TRACE", "/v1/comments", 405),
        ("GET", "/problems/nothing", 404),
    ],
)
def test_every_error_is_a_problem(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    kind = answer.get_json()["type"]
    assert client.get(kind).status_code == 200, "the type is an address that explains it"


def test_a_failure_of_ours_tells_nothing_of_itself(app: Flask, client: FlaskClient) -> None:
    def fail() -> str:
        raise RuntimeError("secret detail")

    app._got_first_request = False
    app.add_url_rule("/fail", "fail", fail)
    answer = client.get("/fail")
    assert answer.status_code == 500
    assert b"secret detail" not in answer.data
    assert answer.headers["X-Request-Id"]


def test_foreign_pages_get_no_grant_and_no_cache_is_poisoned(client: FlaskClient) -> None:
    for origin, grant in ((ORIGIN, ORIGIN), ("https://evil.example", None), ("null", None)):
        answer = client.get("/v1/comments", query_string=PAGE_QUERY, headers={"Origin": origin})
        assert answer.headers.get("Access-Control-Allow-Origin") == grant
        assert "Origin" in answer.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_preflight_allows_what_the_widget_sends(client: FlaskClient) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    answer = client.options("/v1/comments/01a20478-1041-75b5-aaf4-40af7855f88e", headers=asked)
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in answer.headers["Access-Control-Allow-Headers"]
    foreign = client.options("/v1/comments", headers=asked | {"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in foreign.headers


def test_errors_can_be_read_by_the_sites_pages(client: FlaskClient) -> None:
    answer = client.post("/v1/comments", data=b"{", headers=JSON | {"Origin": ORIGIN})
    assert answer.status_code == 400
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_no_answer_sets_a_cookie_or_may_be_sniffed(client: FlaskClient) -> None:
    for path in ("/v1/comments?site=news&page=p", "/desk/sign-in", "/docs", "/embed/comments.js",
                 "/embed/thread?site=news&page=p", "/demo/harbour-library", "/livez"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy


def test_a_foreign_host_is_refused(
    make_app: Callable[[Settings], Flask], settings: Settings, client: FlaskClient
) -> None:
    own = make_app(
        Settings(
            database_url=settings.database_url, redis_url=settings.redis_url, secret=SECRET,
            hosts="comments.news.example",
        )
    ).test_client()  # fmt: skip
    assert own.get("/livez", base_url="https://comments.news.example").status_code == 200
    assert own.get("/livez", base_url="https://evil.example").status_code == 400


def test_the_database_away_is_a_clear_503(
    make_app: Callable[[Settings], Flask], settings: Settings, session: Session
) -> None:
    url = "sqlite:////nowhere/at/all.db" if "sqlite" in settings.database_url else (
        "postgresql://nobody@127.0.0.1:1/none"
    )  # fmt: skip
    away = make_app(
        Settings(database_url=url, redis_url=settings.redis_url, secret=SECRET, limits=False)
    )
    answer = away.test_client().post("/v1/comments", json=a_comment())
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert away.test_client().get("/readyz").status_code == 503
    assert away.test_client().get("/livez").status_code == 200
