"""Runs migrations inside the transaction that service/store/migrating.py opened and locked."""

from alembic import context

# They make the tables known.
from service.store import (  # noqa: F401
    audit_tables,
    batch_tables,
    db,
    looks,
    models,
    people_tables,
    reader_tables,
    saved_views,
    search_tables,
)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=db.Base.metadata,
    compare_type=True,
)
context.run_migrations()
