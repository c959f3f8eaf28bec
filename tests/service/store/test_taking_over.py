"""A database with decisions in it gets its audit log: they are all in it, in their order."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from alembic import command
from sqlalchemy import Connection, make_url, select, text
from sqlalchemy.orm import Session

from service.domain.ids import new_id
from service.store import migrating
from service.store.audit_tables import AuditEntry
from service.store.db import open_engine
from service.store.migrating import migrate
from tests.service.store.test_audit import ensure_unbroken

BEFORE = "0008"
numbers = itertools.count()
START = datetime(2026, 1, 1, tzinfo=UTC)
FINDINGS = '[{"check": "links", "verdict": "hold", "reason": "Six links.", "score": 1e16}]'


@pytest.fixture(params=["sqlite", "postgresql"])
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.db'}"
        return
    server: str = request.getfixturevalue("postgresql_url")
    name = f"old_{next(numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def migrate_to(connection: Connection, version: str) -> None:
    config = migrating._config()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def fill(connection: Connection, *, decisions: int) -> None:
    sqlite = connection.dialect.name == "sqlite"
    ids = {name: new_id() for name in ("site", "thread", "comment", "revision")}
    given = {name: id.hex if sqlite else id for name, id in ids.items()}
    start = f"{START:%Y-%m-%d %H:%M:%S}.000000{'' if sqlite else '+00'}"
    for statement in (
        "INSERT INTO sites (id, key, name, policy_version, created_at)"
        " VALUES (:site, 's', 'S', 1, :at)",
        'INSERT INTO policies (site_id, version, settings, "by", created_at)'
        " VALUES (:site, 1, '{}', 'ann', :at)",
        "INSERT INTO threads (id, site_id, page, comment_count, created_at)"
        " VALUES (:thread, :site, 'p', 0, :at)",
        "INSERT INTO comments (id, site_id, thread_id, depth, author_name, score, listed,"
        " listed_children, editable_until, created_at)"
        " VALUES (:comment, :site, :thread, 0, 'A', 0, false, 0, :at, :at)",
        "INSERT INTO revisions (id, site_id, thread_id, comment_id, number, body, body_html,"
        " render_version, state, form_trap_filled, flags, attempts, created_at)"
        " VALUES (:revision, :site, :thread, :comment, 1, 'b', 'b', 1, 'held', false, '', 0, :at)",
    ):
        connection.execute(text(statement), {"at": start, **given})
    rows = []
    for number in range(decisions):
        id, at = new_id(), START + timedelta(seconds=decisions - number)  # the last one is first
        rows.append(
            {
                "id": id.hex if sqlite else id,
                "site": None if number % 2 else given["site"],
                "note": None if number % 3 else f"Note {number}",
                "at": f"{at:%Y-%m-%d %H:%M:%S}.000000{'' if sqlite else '+00'}",
            }
        )
    connection.execute(
        text(
            "INSERT INTO decisions (id, comment_id, revision_id, site_id, from_state, to_state,"
            ' actor, "by", note, findings, created_at) VALUES (:id, :comment, :revision, :site,'
            " 'received', 'held', 'screening', 'screening', :note, :findings, :at)"
        ),
        [{**row, **{k: given[k] for k in ("comment", "revision")}, "findings": FINDINGS}
         for row in rows],
    )  # fmt: skip


def test_what_was_decided_before_is_taken_over(old_database: str) -> None:
    engine = open_engine(old_database)
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        migrate_to(connection, BEFORE)
        fill(connection, decisions=5000)
        connection.commit()
    migrate(old_database)
    with Session(engine) as session:
        ensure_unbroken(session)
        logged = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        assert [one.kind for one in logged] == ["policy"] + ["decision"] * 5000
        assert [one.at for one in logged] == sorted(one.at for one in logged)
        assert {one.site_id for one in logged} == {logged[0].site_id}
        assert logged[0].site_id is not None
    engine.dispose()
