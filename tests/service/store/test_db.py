"""Writing from many threads at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from service.store import tallies
from service.store.db import begin_write, engine_options, now
from service.store.models import Tally


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
