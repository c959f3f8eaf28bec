"""Two that migrate at once, as when two machines are set up from the same recipe."""

import pytest
from sqlalchemy import inspect, text

from service.store.db import Base, open_engine
from service.store.migrating import missing
from tests.e2e.running import START_SECONDS, Processes
from tests.factories import SECRET

RACES = 3


@pytest.mark.parametrize("race", range(RACES))
def test_two_migrations_at_once_both_succeed(
    processes: Processes, fresh_database: str, race: int
) -> None:
    settings = {"database_url": fresh_database, "redis_url": "unix:///none", "secret": SECRET}
    both = [processes.start("migrate", **settings) for _ in range(2)]
    assert [one.process.wait(START_SECONDS) for one in both] == [0, 0]
    engine = open_engine(fresh_database)
    try:
        with engine.connect() as connection:
            assert missing(connection) == []
            assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
            assert set(Base.metadata.tables) <= set(inspect(connection).get_table_names())
    finally:
        engine.dispose()
