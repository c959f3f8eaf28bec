"""How authors stand with moderators, by what authors are found, and what was taken out of texts.

Names and e-mail addresses of authors who are here already get their keys from the workers' hourly
housekeeping, since that takes the secret.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TIME = sa.DateTime(timezone=True)
UNKEYED = sa.text("name_key IS NULL")


def upgrade() -> None:
    op.add_column("revisions", sa.Column("cut_from", sa.Uuid(), nullable=True))
    op.add_column("authors", sa.Column("email_key", sa.String(length=40), nullable=True))
    op.add_column("authors", sa.Column("name_key", sa.String(length=100), nullable=True))
    op.create_index("ix_authors_site_id_email_key", "authors", ["site_id", "email_key"])
    op.create_index("ix_authors_site_id_name_key", "authors", ["site_id", "name_key"])
    op.create_index(
        "ix_authors_unkeyed", "authors", ["id"], sqlite_where=UNKEYED, postgresql_where=UNKEYED
    )
    op.create_table(
        "standings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("until", TIME, nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_standings_site_id"),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name="fk_standings_comment_id"),
        sa.ForeignKeyConstraint(["undoes"], ["standings.id"], name="fk_standings_undoes"),
        sa.PrimaryKeyConstraint("id", name="pk_standings"),
    )
    op.create_index(
        "uq_standings_site_id_subject_number",
        "standings",
        ["site_id", "subject", "number"],
        unique=True,
    )
    op.create_table(
        "watched_addresses",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("address_hash", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("until", TIME, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_watched_addresses_site_id"),
        sa.PrimaryKeyConstraint("site_id", "address_hash", "subject", name="pk_watched_addresses"),
    )
    op.create_index("ix_watched_addresses_until", "watched_addresses", ["until"])
