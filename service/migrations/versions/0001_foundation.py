"""The foundation."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def where(condition: sa.TextClause) -> dict[str, Any]:
    """A partial index on either database."""
    return {"sqlite_where": condition, "postgresql_where": condition}


def upgrade() -> None:
    op.create_table(
        "moderators",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_moderators"),
        sa.UniqueConstraint("email", name="uq_moderators_email"),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sites"),
        sa.UniqueConstraint("key", name="uq_sites_key"),
    )
    op.create_table(
        "tallies",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=128), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "label", name="pk_tallies"),
    )
    op.create_table(
        "authors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("identity", sa.String(length=80), nullable=False),
        sa.Column("email_sealed", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_authors_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_authors"),
    )
    op.create_index("uq_authors_site_id_identity", "authors", ["site_id", "identity"], unique=True)
    op.create_table(
        "idempotency_keys",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.String(length=40), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_idempotency_keys_site_id"),
        sa.PrimaryKeyConstraint("site_id", "key_hash", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    op.create_table(
        "policies",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_policies_site_id"),
        sa.PrimaryKeyConstraint("site_id", "version", name="pk_policies"),
    )
    op.create_table(
        "site_origins",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_site_origins_site_id"),
        sa.PrimaryKeyConstraint("site_id", "origin", name="pk_site_origins"),
    )
    op.create_index("ix_site_origins_origin", "site_origins", ["origin"])
    op.create_table(
        "threads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.String(length=500), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("mode", sa.String(length=16), nullable=True),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_threads_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_threads"),
    )
    op.create_index("uq_threads_site_id_page", "threads", ["site_id", "page"], unique=True)
    op.create_table(
        "tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("moderator_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=True),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["moderator_id"], ["moderators.id"], name="fk_tokens_moderator_id"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_tokens_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_tokens_token_hash"),
    )
    op.create_table(
        "comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("root_id", sa.Uuid(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(length=100), nullable=False),
        sa.Column("address_hash", sa.String(length=40), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("public_revision_id", sa.Uuid(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("listed_children", sa.Integer(), nullable=False),
        sa.Column("editable_until", TIME, nullable=False),
        sa.Column("deleted_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name="fk_comments_author_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["comments.id"], name="fk_comments_parent_id"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_comments_site_id"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_comments_thread_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
    )
    op.create_index("ix_comments_author_id_created_at", "comments", ["author_id", "created_at"])
    op.create_index(
        "ix_comments_by_age",
        "comments",
        ["thread_id", "id"],
        **where(sa.text("listed AND parent_id IS NULL")),
    )
    op.create_index(
        "ix_comments_by_score",
        "comments",
        ["thread_id", "score", "id"],
        **where(sa.text("listed AND parent_id IS NULL")),
    )
    op.create_index("ix_comments_parent_id", "comments", ["parent_id"])
    op.create_index(
        "ix_comments_replies",
        "comments",
        ["root_id", "id"],
        **where(sa.text("listed AND parent_id IS NOT NULL")),
    )
    op.create_index(
        "ix_comments_site_id_address_hash_created_at",
        "comments",
        ["site_id", "address_hash", "created_at"],
    )
    op.create_index("ix_comments_thread_id_created_at", "comments", ["thread_id", "created_at"])
    op.create_table(
        "revisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("render_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("form_trap_filled", sa.Boolean(), nullable=False),
        sa.Column("form_seconds", sa.Double(), nullable=True),
        sa.Column("fingerprint", sa.BigInteger(), nullable=True),
        sa.Column("flags", sa.String(length=200), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name="fk_revisions_comment_id"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_revisions_site_id"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_revisions_thread_id"),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
    )
    op.create_index(
        "ix_revisions_received",
        "revisions",
        ["attempts", "id"],
        **where(sa.text("state = 'received'")),
    )
    op.create_index("ix_revisions_site_id_created_at", "revisions", ["site_id", "created_at"])
    op.create_index("ix_revisions_site_id_state_id", "revisions", ["site_id", "state", "id"])
    op.create_index("ix_revisions_state_id", "revisions", ["state", "id"])
    op.create_index(
        "uq_revisions_comment_id_number", "revisions", ["comment_id", "number"], unique=True
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.String(length=16), nullable=False),
        sa.Column("to_state", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("findings", JSON, nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name="fk_decisions_comment_id"),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name="fk_decisions_revision_id"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_comment_id", "decisions", ["comment_id"])
    op.create_index("ix_decisions_revision_id", "decisions", ["revision_id"])
