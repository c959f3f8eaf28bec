"""How often and when threads and sites changed for readers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table in ("sites", "threads"):
        op.add_column(table, sa.Column("changes", sa.Integer(), nullable=False, server_default="0"))
        op.add_column(table, sa.Column("changed_at", TIME, nullable=True))
    op.create_index("ix_threads_changed_at", "threads", ["changed_at"])
