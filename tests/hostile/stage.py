"""A small service with something to lose, and what may be said of any answer that it gives."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.actions import credentials
from service.api.problem_types import PROBLEMS
from service.store.db import Base
from tests.factories import PAGE, decide, edit_header, post, queue
from tests.hostile.doors import AUTHOR, JSON, MODERATOR, Door

CPU_SECONDS = 0.25
SECRET_WORD = "umbrellabird"  # of a comment that is held
EMAIL = "ann@private.example"
# What an answer would tell of its making, or of somebody else.
TELLING = re.compile(r"Traceback|site-packages|[Ss]ql[Aa]lchemy|psycopg|sqlite3|\.py\b|/tmp/")
SECRETS = re.compile(f"{SECRET_WORD}|{EMAIL}")
TABLES = [
    select(literal(table.name), func.count()).select_from(table)
    for table in Base.metadata.sorted_tables
]


@dataclass
class Stage:
    session: Session
    client: FlaskClient
    names: dict[str, str] = field(default_factory=dict)  # what addresses and bodies name
    headers: dict[str, dict[str, str]] = field(default_factory=dict)

    def send(self, door: Door, **given: Any) -> TestResponse:
        """What honest clients send, but for what is `given`."""
        headers = {**self.headers.get(door.who, {}), **(JSON if door.valid else {})}
        headers |= given.get("headers", {})
        body = given.get("body")
        query = given.get("query", "")
        plain = {k: v for k, v in door.query.items() if f"{k}=" not in query}
        pairs = [*([query] if query else []), *(f"{k}={v}" for k, v in plain.items())]
        return self.client.open(
            self.named(door.path) + given.get("suffix", ""),
            method=given.get("method") or door.method,
            query_string="&".join(pairs),
            headers={name: value for name, value in headers.items() if value},
            data=None if body is None else self.named(body.decode("latin-1")).encode("latin-1"),
        )

    def named(self, text: str) -> str:
        for name, value in self.names.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        counts = dict(self.session.execute(union_all(*TABLES)).all())
        self.session.rollback()
        return counts


def set_up(
    session: Session, client: FlaskClient, bearer: dict[str, str], judge: Callable[..., int]
) -> Stage:
    """A public comment, and one that a moderator has to decide on."""
    token = credentials.create_token(
        session, name="admin", scopes=["admin"], site=None, days=None, by="test"
    )
    # Else the client would put its own cookies in place of those that are sent.
    stage = Stage(session, client.application.test_client(use_cookies=False))
    moderator = {"Authorization": f"Bearer {token}"}
    public = post(client, author={"name": "Ann", "email": EMAIL})
    judge()
    for item in queue(client, bearer):
        decide(client, bearer, item, "approved")
    settle = {"site": "news", "page": PAGE, "mode": "premoderated"}
    client.put("/v1/moderation/threads", headers=bearer, json=settle)
    held = post(client, body=f"They said {SECRET_WORD} on the bridge.")
    judge()
    [item] = queue(client, bearer)
    stage.names = {"public": public["id"], "held": held["id"], "revision": item["revision"]}
    stage.headers = {AUTHOR: edit_header(public), MODERATOR: moderator}
    return stage


def faults(answer: TestResponse, door: Door, slugs: tuple[str, ...], canary: str) -> list[str]:
    """What is wrong with an answer that should be a problem of these kinds, or none: ''."""
    found = []
    if answer.status_code >= 500:
        return [f"it failed with {answer.status_code}"]
    if told := TELLING.search(answer.text):
        found.append(f"it tells {told[0]!r}")
    if door.who != MODERATOR and SECRETS.search(answer.text):
        found.append("it tells what is not public")
    if "evil.example" in str(answer.headers):
        found.append("its headers repeat what was sent")
    if answer.status_code < 400:
        return found if not slugs or "" in slugs else [*found, f"it was {answer.status}"]
    kind = slug_of(answer)
    if kind not in slugs:
        found.append(f"it was refused as {kind}: {answer.text[:200]}")
    if canary in re.sub(r'"(errors|codes)":\{.*?\}(?=[,}])', "", answer.text):
        found.append(f"it repeats what was sent: {answer.text[:200]}")
    return found


def slug_of(answer: TestResponse) -> str:
    """Of a problem; of a page for people, the kind that has its status."""
    if answer.mimetype != "application/problem+json":
        return f"{answer.mimetype} with {answer.status_code}"
    slug = str(answer.get_json()["type"]).removeprefix("/problems/")
    return slug if PROBLEMS[slug].status == answer.status_code else f"{slug} as {answer.status}"


def timed(ask: Callable[[], TestResponse]) -> tuple[TestResponse, float]:
    """The answer and the CPU seconds that it took; a dear one is asked for again, to be sure."""
    taken = []
    for _ in range(3):
        began = time.thread_time()
        answer = ask()
        taken.append(time.thread_time() - began)
        if taken[-1] < CPU_SECONDS:
            break
    return answer, min(taken)
