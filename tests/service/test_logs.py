"""The log tells what happened, not what people wrote, who they are, or what lets them in."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from service import logs
from service.config import Settings
from tests.conftest import ORIGIN
from tests.factories import SECRET, edit_header, post

TEXT, NAME, EMAIL = "canary-text https://canary.example/a", "Canary-Name", "canary@mail.example"
ADDRESS, PASSWORD, NOTE = "203.0.113.77", "canary-password-heron", "canary-note"
PAGE = "https://news.example/canary-page"


@pytest.fixture
def lines() -> Iterator[Callable[[], str]]:
    """What is logged meanwhile, of every level and logger."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    level, stream = root.level, io.StringIO()
    logs.set_up("DEBUG", "test")
    for handler in root.handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(stream)
    yield stream.getvalue
    root.handlers[:] = before
    root.setLevel(level)


def test_nothing_that_is_secret_or_personal_is_logged(
    make_app: Callable[[Settings], Flask], settings: Settings, session: Session, redis: object,
    judge: Callable[..., int], bearer: dict[str, str], lines: Callable[[], str],
) -> None:  # fmt: skip
    app = make_app(replace(settings, limits=True, log_level="DEBUG"))
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    author = {"name": NAME, "email": EMAIL}
    receipt = post(client, body=TEXT, author=author, page=PAGE, page_title="canary-title")
    judge()
    client.patch(
        f"/v1/comments/{receipt['id']}", json={"body": TEXT + "!"}, headers=edit_header(receipt)
    )
    client.get(
        "/v1/comments", query_string={"site": "news", "page": PAGE}, headers={"Origin": ORIGIN}
    )
    client.post("/v1/comments", data=b'{"body": "canary-broken', content_type="application/json")
    client.post(f"/v1/comments/{receipt['id']}/reports", json={"reason": "spam", "note": NOTE})
    client.get("/v1/moderation/queue?q=canary-search", headers=bearer)
    client.get("/v1/moderation/queue", headers={"Authorization": "Bearer canary-token"})
    ours = {"Origin": "http://localhost"}
    client.post("/desk/sign-in", data={"email": EMAIL, "password": PASSWORD}, headers=ours)
    client.post("/desk/sign-in/token", data={"token": "canary-token"}, headers=ours)
    client.get("/desk/invitation/canary-invitation")
    client.get(
        "/canary-path?canary=query", headers={"User-Agent": "canary-agent", "Cookie": "a=canary"}
    )
    _fail(app)
    client.get("/fail")
    said = lines()
    events = [json.loads(line)["message"] for line in said.splitlines()]
    assert {"answered", "screened", "unexpected error"} <= set(events)
    secret = bearer["Authorization"].partition(" ")[2]
    for word in (ADDRESS, SECRET, secret, receipt["edit_token"], EMAIL, "mail.example"):
        assert word not in said
    assert "canary" not in said.lower()


def _fail(app: Flask) -> None:
    def fail() -> str:
        raise RuntimeError(TEXT)

    app._got_first_request = False
    app.add_url_rule("/fail", "fail", fail)
