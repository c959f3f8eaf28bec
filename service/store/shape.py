"""Whether the database has the shape that this version works with, told without alembic."""

from pathlib import Path

from sqlalchemy import Engine, inspect, text

VERSIONS = Path(__file__).parent.parent / "migrations" / "versions"
NEWEST = max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


def lacks_migrations(engine: Engine) -> bool:
    """A newer shape than this version's lacks none: the old version works on it."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return True
        present = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return present is None or str(present) < NEWEST
