"""The audit log, beginning with the decisions and policies that there are already."""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service.domain import chain
from service.store.db import UtcTime

revision = "0009"
down_revision = "0008"

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TOGETHER = 2000
DECISIONS = sa.table(
    "decisions",
    sa.column("id", sa.Uuid()),
    sa.column("comment_id", sa.Uuid()),
    sa.column("revision_id", sa.Uuid()),
    sa.column("site_id", sa.Uuid()),
    sa.column("from_state", sa.String()),
    sa.column("to_state", sa.String()),
    sa.column("actor", sa.String()),
    sa.column("by", sa.String()),
    sa.column("reason", sa.String()),
    sa.column("note", sa.Text()),
    sa.column("message", sa.Text()),
    sa.column("findings", JSON),
    sa.column("policy_version", sa.Integer()),
    sa.column("created_at", UtcTime()),
)
POLICIES = sa.table(
    "policies",
    sa.column("site_id", sa.Uuid()),
    sa.column("version", sa.Integer()),
    sa.column("settings", JSON),
    sa.column("by", sa.String()),
    sa.column("created_at", UtcTime()),
)
FACTS = (
    "comment_id", "revision_id", "from_state", "to_state", "reason", "policy_version", "created_at",
)  # fmt: skip
CONTENT = ("note", "findings", "message")


def partial(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "audit", columns, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    op.add_column("decisions", sa.Column("salt", sa.LargeBinary(), nullable=True))
    op.execute(
        "UPDATE decisions SET site_id ="
        " (SELECT site_id FROM revisions WHERE revisions.id = decisions.revision_id)"
        " WHERE site_id IS NULL"
    )
    audit = op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("actor", sa.String(length=16), nullable=True),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    seq, last = _take_over(op.get_bind(), audit)
    op.bulk_insert(head, [{"id": 1, "seq": seq, "hash": last}])
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_site_id_seq", "audit", ["site_id", "seq"])
    partial("ix_audit_kind_seq", ["kind", "seq"], "kind <> 'decision'")
    partial("ix_audit_by_seq", ["by", "seq"], "\"by\" <> 'screening'")
    partial("ix_audit_erasures", ["subject"], "kind = 'erasure'")


def _take_over(connection: sa.Connection, audit: sa.Table) -> tuple[int, bytes]:
    """In the order in which they were made, a batch at a time."""
    seq, last, rows = 0, chain.START, []
    entries = merge(
        _decisions(connection), _policies(connection), key=lambda entry: (entry[0], entry[1].bytes)
    )
    for _at, _id, row in entries:
        seq += 1
        row |= {"seq": seq, "prev": last}
        row["hash"] = last = chain.linked(last, row)
        rows.append(row)
        if len(rows) == TOGETHER:
            connection.execute(audit.insert(), rows)
            rows = []
    if rows:
        connection.execute(audit.insert(), rows)
    return seq, last


def _decisions(connection: sa.Connection) -> Iterator[tuple[datetime, UUID, dict[str, Any]]]:
    query = sa.select(DECISIONS).order_by(DECISIONS.c.created_at, DECISIONS.c.id)
    found = connection.execute(query, execution_options={"yield_per": TOGETHER})
    for one in found.mappings():
        said = {name: one[name] for name in CONTENT if one[name] is not None}
        facts = {name: one[name] for name in FACTS if one[name] is not None}
        yield (
            one["created_at"],
            one["id"],
            {
                "at": one["created_at"],
                "site_id": one["site_id"],
                "kind": "decision",
                "action": one["to_state"],
                "by": one["by"],
                "actor": one["actor"],
                "subject": one["id"],
                "details": chain.details(facts),
                "content": chain.digest(said),
            },
        )


def _policies(connection: sa.Connection) -> Iterator[tuple[datetime, UUID, dict[str, Any]]]:
    query = sa.select(POLICIES).order_by(POLICIES.c.created_at, POLICIES.c.site_id)
    found = connection.execute(query, execution_options={"yield_per": TOGETHER})
    for one in found.mappings():
        yield (
            one["created_at"],
            one["site_id"],
            {
                "at": one["created_at"],
                "site_id": one["site_id"],
                "kind": "policy",
                "action": "version made",
                "by": one["by"],
                "actor": None,
                "subject": None,
                "details": chain.details(
                    {"version": one["version"], "created_at": one["created_at"]}
                ),
                "content": chain.digest(one["settings"]),
            },
        )
