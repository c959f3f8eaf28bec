"""What readers do with comments: votes; and the keys with which publishers sign readers in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("comments", sa.Column("author_badge", sa.String(length=40), nullable=True))
    op.add_column("comments", sa.Column("ups", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("comments", sa.Column("downs", sa.Integer(), nullable=False, server_default="0"))
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
