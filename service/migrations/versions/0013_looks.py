"""Who looks at what in the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "looks",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name="fk_looks_revision_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("revision_id", name="pk_looks"),
    )
