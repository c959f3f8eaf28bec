"""Writing from many threads at once."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from service.store import tallies
from service.store.db import TRUSTED_SECONDS, begin_write, engine_options, now, open_engine
from service.store.tallies import Tally


@pytest.mark.usefixtures("session")
def test_writers_wait_for_each_other_and_none_is_refused(engine: Engine) -> None:
    def write(number: int) -> None:
        with Session(engine) as own:
            begin_write(own)
            tallies.add(own, {("test", str(number % 3)): 1})
            own.rollback() if number % 10 == 9 else own.commit()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(write, range(300)))
    with Session(engine) as reader:
        assert reader.scalar(select(func.sum(Tally.count))) == 270


def test_the_clock_is_the_databases_and_aware(session: Session) -> None:
    early, late = session.execute(select(now(-60), now(60))).one()
    assert 119.9 < (late - early).total_seconds() < 120.1
    assert early.utcoffset().total_seconds() == 0


def test_an_unsafe_sqlite_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pysqlite3.sqlite_version_info", (3, 40, 1))
    with pytest.raises(RuntimeError, match="can lose commits"):
        engine_options("sqlite:////tmp/a.db")


def test_a_connection_that_died_in_the_pool_is_replaced(postgresql_url: str) -> None:
    engine = open_engine(postgresql_url)
    end = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = :pid")
    with engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
    with engine.connect() as same:
        assert same.scalar(text("SELECT pg_backend_pid()")) == pid  # and not asked whether it lives
    other = open_engine(postgresql_url)
    with other.connect() as connection:
        connection.execute(end, {"pid": pid})
    time.sleep(TRUSTED_SECONDS)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != pid
    engine.dispose()
    other.dispose()
