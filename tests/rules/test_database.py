"""What the migrations make is what the models say, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from service.store.db import Base
from service.store.migrating import SCRIPTS, is_modelled, missing


def test_models_equal_migrations(engine: Engine):
    with engine.connect() as connection:
        opts = {"compare_type": True, "include_name": is_modelled}
        context = MigrationContext.configure(connection, opts=opts)
        differences = compare_metadata(context, Base.metadata)
    assert differences == [], "Write a migration for what the models say now."


def test_nothing_is_left_to_apply(engine: Engine):
    with engine.connect() as connection:
        assert missing(connection) == []


def test_migrations_stand_in_one_line_and_are_numbered():
    steps = list(ScriptDirectory(str(SCRIPTS)).walk_revisions())[::-1]
    assert [step.revision for step in steps] == [f"{n:04}" for n in range(1, len(steps) + 1)]
    names = sorted(path.name for path in (SCRIPTS / "versions").glob("*.py"))
    assert [name[:4] for name in names] == [step.revision for step in steps]
