"""The connection to either database, and the few places where they differ."""

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pysqlite3
from sqlalchemy import (
    BindParameter,
    DateTime,
    Engine,
    MetaData,
    Row,
    Select,
    Table,
    create_engine,
    event,
    literal,
    make_url,
    types,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from service.store import one_writer

OLDEST_SAFE_SQLITE = (3, 51, 3)  # earlier ones can lose commits: sqlite.org/wal.html#walresetbug
TRUSTED_SECONDS = 1.0

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class UtcTime(types.TypeDecorator[datetime]):
    """An aware time in UTC on both databases; SQLite stores text that sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class RawId(types.UserDefinedType[UUID | str]):
    """An id as the driver has it: for what only passes it on. See `id_written`."""

    cache_ok = True


def id_written(raw: UUID | str) -> UUID | str:
    """As answers have it. SQLite keeps 32 digits: to make a UUID of them takes longer."""
    if isinstance(raw, UUID):
        return raw
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"


def interval(seconds: float) -> str:
    return f"{seconds:+.3f} seconds"


class now(FunctionElement[datetime]):
    """The database's clock, `seconds` from now: hosts may disagree about the time, rows may not."""

    type = UtcTime()
    inherit_cache = True  # the seconds are a bound parameter, so one compilation serves them all

    def __init__(self, seconds: float | BindParameter[Any] = 0) -> None:
        """A parameter is for statements that are made once; its value is made by `interval`."""
        if not isinstance(seconds, BindParameter):
            seconds = literal(interval(seconds))
        super().__init__(seconds)


@compiles(now, "sqlite")
def _now_sqlite(element: now, compiler: SQLCompiler, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {seconds})"


@compiles(now, "postgresql")
def _now_postgresql(element: now, compiler: SQLCompiler, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"(clock_timestamp() + CAST({seconds} AS interval))"


def engine_options(url: str) -> dict[str, Any]:
    """The options with which every process opens the database at `url`."""
    quiet = {"hide_parameters": True}  # error messages must not quote what people wrote
    if url.startswith("sqlite"):
        if pysqlite3.sqlite_version_info < OLDEST_SAFE_SQLITE:
            raise RuntimeError(
                f"SQLite {pysqlite3.sqlite_version} can lose commits: upgrade pysqlite3."
            )
        return {
            **quiet,
            "module": pysqlite3,
            "connect_args": {"timeout": one_writer.BUSY_SECONDS},
            # Each keeps pages in memory, and writers wait for each other anyway: a few used again
            # and again serve many threads. Who waits for one does so as long as for the lock.
            "pool_size": 4,
            "max_overflow": 0,
            "pool_timeout": one_writer.BUSY_SECONDS,
            "pool_use_lifo": True,
        }
    connect_args = {
        "connect_timeout": 3,
        # A network that swallows packets is noticed within seconds.
        "tcp_user_timeout": 5000,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "application_name": "afterword",
        "options": "-c statement_timeout=10000 -c lock_timeout=5000 -c timezone=UTC",
    }
    return {
        **quiet,
        "pool_size": 8,
        "max_overflow": 8,
        "pool_timeout": 3,
        "pool_use_lifo": True,
        "connect_args": connect_args,
    }


def driver_url(url: str) -> str:
    """The URL as SQLAlchemy wants it: `postgresql://` means psycopg 3 here."""
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def open_engine(url: str) -> Engine:
    engine = create_engine(driver_url(url), **engine_options(url))
    prepare(engine)
    return engine


def prepare(engine: Engine) -> None:
    """Make SQLite durable and strict, and let transactions begin the way `begin_write` asks."""
    if engine.dialect.name == "sqlite":
        one_writer.prepare(engine)
    else:
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", partial(_ensure_alive, engine.dialect))


def _note_use(_connection: Any, record: Any) -> None:
    record.info["used_at"] = time.monotonic()


def _ensure_alive(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """Asking before every use costs a round trip; one that was in use just now is there still."""
    if time.monotonic() - record.info.get("used_at", math.inf) < TRUSTED_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    # Not psycopg.Error: importing it costs 9 MiB, also where the database is SQLite.
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error  # the pool opens another one


def begin_write(session: Session) -> None:
    """Start a transaction that will write.

    Whatever the session read before is forgotten. SQLite takes its write lock now, since a
    transaction that reads first and writes later fails when another one wrote in between.
    """
    session.rollback()
    if session.get_bind().dialect.name == "sqlite":
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})


@contextmanager
def session_at(url: str) -> Iterator[Session]:
    """A session outside any web request: commands and workers."""
    engine = open_engine(url)
    try:
        with Session(engine, expire_on_commit=False) as session:
            yield session
    finally:
        engine.dispose()


def upserts(table: Table) -> Mapping[str, sqlite.Insert | postgresql.Insert]:
    """INSERT that can say ON CONFLICT, by the name of the database's dialect."""
    return {"sqlite": sqlite.insert(table), "postgresql": postgresql.insert(table)}
