"""What somebody does who owns the database and wants the audit log not to notice."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Without the guards by which the database refuses changes of what was decided."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        connection.execute(text("SET LOCAL session_replication_role = DEFAULT"))
        return
    guards = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    ).all()
    for guard in guards:
        connection.execute(text(f"DROP TRIGGER {guard.name}"))
    yield
    for guard in guards:
        connection.exec_driver_sql(guard.sql)


@contextmanager
def tampering(engine: Engine) -> Iterator[Connection]:
    """A transaction in which nothing is refused, not even what the foreign keys would."""
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        _enforce(connection, foreign_keys=False)
        with connection.begin(), unguarded(connection):
            yield connection
        _enforce(connection, foreign_keys=True)


def _enforce(connection: Connection, *, foreign_keys: bool) -> None:
    if connection.dialect.name == "sqlite":  # outside of any transaction, or it would do nothing
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.close()
