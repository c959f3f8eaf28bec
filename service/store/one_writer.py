"""SQLite's ways: durable, strict, and one writer at a time, who is not kept waiting for long."""

import threading
import time
from typing import Any

import pysqlite3
from sqlalchemy import Connection, Engine, event

BUSY_SECONDS = 5
RETRY_SECONDS = 0.002


def prepare(engine: Engine) -> None:
    # SQLite lets one write at a time; those who wait sleep and try again, up to 0.1 s each time, in
    # no order. Threads of one process queue up here, and one of them tries again for all, soon.
    writer = threading.Lock()
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", lambda connection: _begin(connection, writer))
    event.listen(engine, "checkin", lambda _connection, record: _end(record, writer))


def _set_up(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own accord
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=5000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # KiB for each connection: a decision and the page that it changes. The system has the file
        # at hand anyway, but asking it for each of their pages takes a tenth of a first read.
        "cache_size=-4000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection, writer: threading.Lock) -> None:
    if connection.get_execution_options().get("sqlite_begin", "") != "IMMEDIATE":
        connection.exec_driver_sql("BEGIN")
        return
    until = time.monotonic() + BUSY_SECONDS
    if not connection.info.get("writes"):
        connection.info["writes"] = writer.acquire(timeout=BUSY_SECONDS)
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while not (took := _took_write_lock(cursor)) and time.monotonic() < until:
            time.sleep(RETRY_SECONDS)
        if not took:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # to fail as statements do, and at once
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.close()


def _took_write_lock(cursor: Any) -> bool:
    try:
        cursor.execute("BEGIN IMMEDIATE")
    except pysqlite3.OperationalError:
        return False
    return True


def _end(record: Any, writer: threading.Lock) -> None:
    if record.info.pop("writes", False):  # after the commit, when the connection is given back
        writer.release()
