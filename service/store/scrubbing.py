"""Rewriting the database's files, so that nothing is left in them of what was erased.

Both databases only mark what is deleted as free, and write over it some day.
"""

import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session

PATIENCE_SECONDS = 60
# Where PostgreSQL keeps samples of columns, for its planner.
STATISTICS = "pg_catalog.pg_statistic"
SAMPLED = text("""
    SELECT attribute.attname, format_type(attribute.atttypid, attribute.atttypmod)
    FROM pg_stats JOIN pg_attribute AS attribute
    ON attribute.attrelid = to_regclass(:name) AND attribute.attname = pg_stats.attname
    WHERE tablename = :name AND schemaname = current_schema() AND attribute.atttypid IN
    ('varchar'::regtype, 'text'::regtype, 'bytea'::regtype, 'jsonb'::regtype, 'json'::regtype)
""")
# Nothing personal, nothing that is erased, and much of it.
LEFT_ALONE = frozenset({"audit", "audit_head", "policies"})


def scrub(session: Session) -> Iterator[str]:
    """Answers what is done, step by step. Raises TimeoutError."""
    engine = session.get_bind().engine
    return _sqlite(engine) if engine.dialect.name == "sqlite" else _postgresql(engine)


def _sqlite(engine: Engine) -> Iterator[str]:
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA temp_store=FILE")  # it may not fit into memory
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE_SECONDS * 1000}")
        cursor.execute("VACUUM")
        yield "the file is rewritten"
        _empty_wal(cursor)
        yield "its write-ahead log is empty"
    finally:
        connection.detach()  # with settings of its own it is of no use to others
        connection.close()


def _empty_wal(cursor: Any) -> None:
    """Needs a moment in which nobody reads what was there before."""
    until = time.monotonic() + PATIENCE_SECONDS
    while cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() > until:
            raise TimeoutError(
                "Somebody reads from the database without a pause, so its write-ahead log could "
                "not be emptied. Try again at a quieter time."
            )
        time.sleep(0.1)


def _forget_samples(connection: Connection, table: str) -> None:
    """Of a table that is empty now nothing takes their place. To name its types anew drops them."""
    if connection.execute(text(f'SELECT EXISTS (SELECT FROM "{table}")')).scalar_one():  # noqa: S608
        return
    for column, kind in connection.execute(SAMPLED, {"name": table}).all():
        connection.execute(text(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE {kind}'))


def _postgresql(engine: Engine) -> Iterator[str]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text(f"SET lock_timeout = {PATIENCE_SECONDS * 1000}"))
        for name in sorted(set(inspect(connection).get_table_names()) - LEFT_ALONE):
            connection.execute(text(f'VACUUM (FULL, ANALYZE) "{name}"'))
            _forget_samples(connection, name)
            yield f"{name} is rewritten"
        connection.execute(text(f"VACUUM FULL {STATISTICS}"))
        yield "so are the samples for the planner"
        connection.detach()  # with settings of its own it is of no use to others
