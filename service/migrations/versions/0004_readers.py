"""Votes and reports of readers, and the keys with which publishers sign them in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TIME = sa.DateTime(timezone=True)
RAISED = sa.text("raised_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("comments", sa.Column("author_badge", sa.String(length=40), nullable=True))
    op.add_column("comments", sa.Column("ups", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("comments", sa.Column("downs", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "comments", sa.Column("open_reports", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("comments", sa.Column("raised_at", TIME, nullable=True))
    op.create_index(
        "ix_comments_raised",
        "comments",
        ["site_id", "public_revision_id"],
        sqlite_where=RAISED,
        postgresql_where=RAISED,
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("reader", sa.String(length=40), nullable=False),
        sa.Column("address_hash", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("settled_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name="fk_reports_comment_id"),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name="fk_reports_revision_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
    )
    op.create_index(
        "uq_reports_comment_id_reader", "reports", ["comment_id", "reader"], unique=True
    )
    op.create_table(
        "identity_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("algorithm", sa.String(length=16), nullable=False),
        sa.Column("key_sealed", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_identity_keys_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_keys"),
    )
    op.create_index("ix_identity_keys_site_id", "identity_keys", ["site_id"])
    op.create_table(
        "votes",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("reader", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.String(length=40), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name="fk_votes_comment_id"),
        sa.PrimaryKeyConstraint("comment_id", "reader", name="pk_votes"),
    )
    op.create_index("ix_votes_comment_id_address_hash", "votes", ["comment_id", "address_hash"])
