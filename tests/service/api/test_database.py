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
