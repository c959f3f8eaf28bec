"""A PostgreSQL that stands still: whoever waits for it is let go."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from service.store.db import open_engine
from service.store.standstill import Standstill


@pytest.fixture
def engines(postgresql_url: str) -> Iterator[tuple[Engine, Engine]]:
    """One for those who work, one for whoever asks; each with one connection in its pool."""
    both = open_engine(postgresql_url), open_engine(postgresql_url)
    yield both
    for engine in both:
        engine.dispose()


@contextmanager
def frozen(*engines: Engine) -> Iterator[None]:
    """The processes of the server that serve these."""
    pids = []
    for engine in engines:
        with engine.connect() as connection:
            pids.append(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def answer(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(text("SELECT 7")).scalar_one()


def test_who_waits_is_let_go_and_nobody_begins_to_wait_until_there_is_an_answer(
    engines: tuple[Engine, Engine],
) -> None:
    working, asking = engines
    standstill = Standstill()
    standstill.let_go(working)
    standstill.notice_silence(asking)
    standstill.ask(asking)
    assert answer(working) == 7
    met: list[OperationalError] = []

    def wait() -> None:
        try:
            answer(working)
        except OperationalError as error:
            met.append(error)

    with frozen(working, asking):
        waiting = threading.Thread(target=wait)
        waiting.start()
        with pytest.raises(OperationalError, match="stands still"):
            standstill.ask(asking)
        waiting.join(20)
        assert not waiting.is_alive(), "it waits still"
        assert len(met) == 1
        with pytest.raises(OperationalError, match="stands still"):
            answer(working)  # on a new connection, which would be answered
    standstill.ask(asking)
    assert answer(working) == 7


def test_what_takes_its_time_is_waited_for(engines: tuple[Engine, Engine]) -> None:
    working, asking = engines
    standstill = Standstill()
    standstill.let_go(working)
    standstill.notice_silence(asking)
    with working.connect() as connection:
        connection.execute(text("SELECT pg_sleep(3)"))
        standstill.ask(asking)
        assert connection.execute(text("SELECT 7")).scalar_one() == 7
