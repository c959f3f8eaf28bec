"""Bringing the database to the present shape."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from service.store import append_only
from service.store.db import open_engine

SCRIPTS = Path(__file__).parent.parent / "migrations"
LOCK = 0x0AF7E33D  # any number, the same in every process that migrates


def migrate(url: str) -> None:
    """Apply what is missing. Two that run at once wait for each other; the second finds nothing."""
    engine = open_engine(url)
    try:
        with (
            engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection,
            connection.begin(),
        ):
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                # Some steps rewrite large tables.
                connection.execute(text("SET LOCAL statement_timeout = 0"))
            if missing(connection):
                config = _config()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                append_only.guard(connection)
    finally:
        engine.dispose()


def missing(connection: Connection) -> list[str]:
    """The migrations that are not applied yet, oldest first."""
    script = ScriptDirectory.from_config(_config())
    present = MigrationContext.configure(connection).get_current_heads()
    return [
        step.revision
        for step in reversed(list(script.iterate_revisions("head", present or "base")))
    ]


def is_known(revision: str) -> bool:
    """Whether it is one of our migrations; a newer version of Afterword may have more."""
    steps = ScriptDirectory.from_config(_config()).walk_revisions()
    return any(step.revision == revision for step in steps)


def is_modelled(name: str | None, _kind: str, _parents: object) -> bool:
    """Indexes of words have no model: each database makes them in its own way."""
    return name is None or not name.startswith("search_index")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    return config
