"""What is personal can be forgotten: found by its age, and gone from the index of words, too."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

ADDRESSED, OF_READER = "address_hash <> ''", "reader < 'x'"
# Authors from before count as last seen long ago, until somebody looks.
LONG_AGO = {"sqlite": "2000-01-01 00:00:00.000000", "postgresql": "2000-01-01 00:00:00+00"}
# Else what an entry was found by would stay in the index until its segments are merged.
SECURE_DELETE = "INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1)"


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    time = sa.DateTime(timezone=True)
    op.add_column("comments", sa.Column("erased_at", time, nullable=True))
    op.add_column(
        "authors", sa.Column("active_at", time, nullable=False, server_default=LONG_AGO[dialect])
    )
    for name, table, column, condition in (
        ("ix_comments_addressed", "comments", "created_at", "address_hash IS NOT NULL"),
        ("ix_votes_addressed", "votes", "created_at", ADDRESSED),
        ("ix_votes_of_readers", "votes", "created_at", OF_READER),
        ("ix_reports_addressed", "reports", "created_at", ADDRESSED),
        ("ix_reports_of_readers", "reports", "created_at", OF_READER),
        ("ix_authors_with_email", "authors", "active_at", "email_sealed IS NOT NULL"),
    ):
        where = sa.text(condition)
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)
    if dialect == "sqlite":
        op.execute(SECURE_DELETE)
