"""How people sign in: passwords, second factors, links, and counts of wrong guesses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("moderators", sa.Column("password_hash", sa.String(length=200), nullable=True))
    op.add_column("moderators", sa.Column("factor_sealed", sa.Text(), nullable=True))
    op.add_column("moderators", sa.Column("factor_pending", sa.Text(), nullable=True))
    op.add_column("moderators", sa.Column("factor_step", sa.BigInteger(), nullable=True))
    op.add_column("tokens", sa.Column("used_at", TIME, nullable=True))
    op.create_table(
        "access_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("moderator_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["moderators.id"], name="fk_access_links_moderator_id"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_access_links_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_access_links"),
        sa.UniqueConstraint("secret_hash", name="uq_access_links_secret_hash"),
    )
    op.create_index("ix_access_links_moderator_id", "access_links", ["moderator_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("moderator_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["moderators.id"], name="fk_recovery_codes_moderator_id"
        ),
        sa.PrimaryKeyConstraint("moderator_id", "code_hash", name="pk_recovery_codes"),
    )
    op.create_table(
        "guess_counts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("times", JSON, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_guess_counts"),
    )
    op.create_index("ix_guess_counts_changed_at", "guess_counts", ["changed_at"])
