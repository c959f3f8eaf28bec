"""Searching by words, and sorting what is held by risk. Older comments follow by the sweep."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

LAST = UUID(int=2**128 - 1)
HELD = sa.text("state = 'held'")
# Words are separated and folded already. The index need not know where in a text they stand: what
# it finds is looked at again. Triggers keep it right whatever deletes an entry.
FTS = (
    "CREATE VIRTUAL TABLE search_index USING fts5("
    "words, content='search_entries', content_rowid='number', detail='none', tokenize='ascii')",
    "CREATE TRIGGER search_entries_added AFTER INSERT ON search_entries BEGIN"
    " INSERT INTO search_index (rowid, words) VALUES (new.number, new.words); END",
    "CREATE TRIGGER search_entries_gone AFTER DELETE ON search_entries BEGIN"
    " INSERT INTO search_index (search_index, rowid, words)"
    " VALUES ('delete', old.number, old.words); END",
    "CREATE TRIGGER search_entries_changed AFTER UPDATE OF words ON search_entries BEGIN"
    " INSERT INTO search_index (search_index, rowid, words)"
    " VALUES ('delete', old.number, old.words);"
    " INSERT INTO search_index (rowid, words) VALUES (new.number, new.words); END",
)
# Of what came last only so much waits to be sorted in, since every search looks through that.
GIN = (
    "CREATE INDEX search_index ON search_entries"
    " USING gin (array_to_tsvector(string_to_array(btrim(words), ' ')))"
    " WITH (gin_pending_list_limit = 512)"
)


def upgrade() -> None:
    op.add_column("revisions", sa.Column("risk", sa.Double(), nullable=False, server_default="0"))
    for name, columns in (
        ("ix_revisions_held_by_risk", ["risk", "id"]),
        ("ix_revisions_held_of_site_by_risk", ["site_id", "risk", "id"]),
    ):
        op.create_index(name, "revisions", columns, sqlite_where=HELD, postgresql_where=HELD)
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "search_entries",
        sa.Column("number", big, nullable=False, autoincrement=True),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name="fk_search_entries_revision_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name="pk_search_entries"),
        sa.UniqueConstraint("revision_id", name="uq_search_entries_revision_id"),
    )  # fmt: skip
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in FTS if is_sqlite else (GIN,):
        op.execute(statement)
    backfills = op.create_table(
        "backfills",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("before", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_backfills"),
    )
    if op.get_bind().execute(sa.text("SELECT 1 FROM revisions LIMIT 1")).first() is not None:
        op.bulk_insert(backfills, [{"name": "search", "before": LAST}])
