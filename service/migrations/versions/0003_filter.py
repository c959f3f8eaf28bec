"""What the filter keeps: traces of texts, campaigns, and each site's own models."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def partial(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    op.add_column("revisions", sa.Column("trace", sa.LargeBinary(), nullable=True))
    op.add_column("revisions", sa.Column("campaign_id", sa.Uuid(), nullable=True))
    op.add_column("revisions", sa.Column("facts_logit", sa.Double(), nullable=True))
    op.add_column("decisions", sa.Column("site_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE decisions SET site_id ="
        " (SELECT site_id FROM revisions WHERE revisions.id = decisions.revision_id)"
        " WHERE actor = 'moderator'"
    )
    partial("ix_revisions_traced", "revisions", ["site_id", "decided_at"], "trace IS NOT NULL")
    partial("ix_revisions_campaign_id", "revisions", ["campaign_id"], "campaign_id IS NOT NULL")
    partial("ix_decisions_moderated", "decisions", ["site_id", "created_at"], "actor = 'moderator'")
    op.create_table(
        "filter_models",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("taught_until", TIME, nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("good", JSON, nullable=True),
        sa.Column("figures", JSON, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_filter_models_site_id"),
        sa.PrimaryKeyConstraint("site_id", "kind", "version", name="pk_filter_models"),
    )
