"""Roles of people per site, and who is signed in at the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TIME = sa.DateTime(timezone=True)
ALL_SITES, ONE_SITE = sa.text("site_id IS NULL"), sa.text("site_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("moderator_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["moderator_id"], ["moderators.id"], name="fk_grants_moderator_id"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_grants_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
    )
    op.create_index(
        "uq_grants_moderator_id",
        "grants",
        ["moderator_id"],
        unique=True,
        sqlite_where=ALL_SITES,
        postgresql_where=ALL_SITES,
    )
    op.create_index(
        "uq_grants_moderator_id_site_id",
        "grants",
        ["moderator_id", "site_id"],
        unique=True,
        sqlite_where=ONE_SITE,
        postgresql_where=ONE_SITE,
    )
    op.create_table(
        "desk_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("moderator_id", sa.Uuid(), nullable=True),
        sa.Column("token_id", sa.Uuid(), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["moderators.id"], name="fk_desk_sessions_moderator_id"
        ),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_desk_sessions_token_id"),
        sa.PrimaryKeyConstraint("id", name="pk_desk_sessions"),
        sa.UniqueConstraint("secret_hash", name="uq_desk_sessions_secret_hash"),
    )
    op.create_index("ix_desk_sessions_moderator_id", "desk_sessions", ["moderator_id"])
    op.create_index("ix_desk_sessions_token_id", "desk_sessions", ["token_id"])
