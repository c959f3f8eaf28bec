"""Whether the database has the present shape."""

from pathlib import Path

from sqlalchemy import Engine, text

from service.store.db import open_engine
from service.store.migrating import migrate, missing
from service.store.shape import NEWEST, lacks_migrations


def test_a_migrated_database_lacks_nothing(engine: Engine) -> None:
    assert not lacks_migrations(engine)
    with engine.connect() as connection:
        assert missing(connection) == []
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == NEWEST


def test_an_empty_or_older_one_does_and_a_newer_one_does_not(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    engine = open_engine(url)
    try:
        assert lacks_migrations(engine)
        migrate(url)
        for version, lacks in (("0000", True), (NEWEST, False), ("9999", False)):
            with engine.connect() as connection:
                stamp = text("UPDATE alembic_version SET version_num = :version")
                connection.execute(stamp, {"version": version})
                connection.commit()
            assert lacks_migrations(engine) == lacks
    finally:
        engine.dispose()
