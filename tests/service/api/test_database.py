"""A database that goes away in the middle of a request."""

from collections.abc import Callable

import pytest
from flask import Flask, Response
from sqlalchemy import Engine, text

from service.api.answers import answer
from service.api.database import db
from service.config import Settings


def test_one_that_is_gone_when_the_answer_is_made_spoils_neither_it_nor_the_next(
    make_app: Callable[[Settings], Flask], settings: Settings, engine: Engine
) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no connection that could be cut")

    def read_and_lose() -> Response:
        pid = db.session().execute(text("SELECT pg_backend_pid()")).scalar_one()
        with engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        return answer({"read": pid})

    app = make_app(settings)
    app.add_url_rule("/cut", view_func=read_and_lose)
    client = app.test_client()
    pids = [client.get("/cut").get_json()["read"] for _ in range(3)]
    assert len(set(pids)) == 3, "each was cut off"
    assert client.get("/readyz").status_code == 200
    with app.app_context():
        assert db.session.registry.registry == {}, "nobody gets what was cut off"
        assert db.engine.pool.checkedout() == 0


# What a full disk makes the database say, on either of them.
FULL = {
    # More than the pages that other tests left free.
    "sqlite": (
        "PRAGMA max_page_count=1",
        "CREATE TABLE more (a)",
        "INSERT INTO more VALUES (zeroblob(50000000))",
    ),
    "postgresql": ("DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$",),
}


def test_one_whose_disk_is_full_is_a_503_whose_reason_is_logged(
    make_app: Callable[[Settings], Flask],
    settings: Settings,
    engine: Engine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def write() -> Response:
        for statement in FULL[engine.dialect.name]:
            db.session().execute(text(statement))
        return answer({})

    app = make_app(settings)
    app.add_url_rule("/write", view_func=write)
    refused = app.test_client().get("/write")
    assert refused.status_code == 503
    assert refused.get_json()["type"] == "/problems/unavailable"
    assert int(refused.headers["Retry-After"]) > 0
    [said] = [one for one in caplog.records if one.message == "the database does not answer"]
    assert said.code in ("SQLITE_FULL", "53100")
