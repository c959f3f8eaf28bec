"""Threads: their pace and a note to readers, and raids on them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TIME = sa.DateTime(timezone=True)
IS_ON = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.add_column(
        "threads", sa.Column("slow_seconds", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("threads", sa.Column("note", sa.String(length=500), nullable=True))
    op.add_column("threads", sa.Column("set_by", sa.String(length=254), nullable=True))
    op.add_column("threads", sa.Column("set_at", TIME, nullable=True))
    op.create_index("ix_threads_site_id_created_at", "threads", ["site_id", "created_at"])
    op.create_table(
        "raids",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("comments", sa.Integer(), nullable=True),
        sa.Column("newcomers", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("ended_by", sa.String(length=254), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_raids_site_id"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_raids_thread_id"),
        sa.PrimaryKeyConstraint("id", name="pk_raids"),
    )
    op.create_index(
        "uq_raids_place_id",
        "raids",
        ["place_id"],
        unique=True,
        sqlite_where=IS_ON,
        postgresql_where=IS_ON,
    )
    op.create_index("ix_raids_site_id_started_at", "raids", ["site_id", "started_at"])
