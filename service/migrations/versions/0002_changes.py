"""When threads and sites last changed for readers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("sites", sa.Column("changed_at", TIME, nullable=True))
    op.add_column("threads", sa.Column("changed_at", TIME, nullable=True))
    op.create_index("ix_threads_changed_at", "threads", ["changed_at"])
