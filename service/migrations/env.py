"""Runs migrations inside the transaction that service/store/migrating.py opened and locked."""

from alembic import context

from service.store import audit_tables, db, models, reader_tables  # noqa: F401 - they make the tables known

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=db.Base.metadata,
    compare_type=True,
)
context.run_migrations()
