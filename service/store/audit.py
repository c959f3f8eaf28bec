"""The audit log: what was done, by whom, in one unbroken line of entries that are hash-chained.

Whoever changes something that belongs into it says so where it changes:

    audit.note(session, Entry(kind=Kind.TOKEN, action="revoked", by=by, subject=token.id))

That is all. The entries are written by the commit itself, as the transaction's last step, since
from then on others wait; a rollback forgets them. So what was noted cannot be committed without its
entry, nor an entry without what it tells of. `details` hold no personal text: what people wrote,
such as the note of a decision, stays where it can be erased, and the entry keeps a hash of it as
its `content`.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Table, event, insert, select, update
from sqlalchemy.orm import Session

from service.domain import chain
from service.store.audit_tables import AuditEntry, AuditHead
from service.store.db import now
from service.store.models import StoredPolicy

NOTED = "afterword.audit"
COMMAND_LINE = "command line"
SALT_BYTES = 16
HEAD_ID = 1

AUDIT, HEAD = cast(Table, AuditEntry.__table__), cast(Table, AuditHead.__table__)
LOCK = select(HEAD.c.seq, HEAD.c.hash, now()).where(HEAD.c.id == HEAD_ID).with_for_update()
ADD = insert(AUDIT)
MOVE_HEAD = update(HEAD).where(HEAD.c.id == HEAD_ID)
# What an entry repeats of a decision beside its columns, and what it keeps a hash of: the latter
# may be erased. Every column of the table is one or the other.
FACTS = (
    "comment_id", "revision_id", "from_state", "to_state", "reason", "policy_version", "created_at",
)  # fmt: skip
CONTENT = ("note", "findings", "message")


class Kind(StrEnum):
    """What an entry is about."""

    DECISION = "decision"
    POLICY = "policy"
    SITE = "site"
    THREAD = "thread"
    IDENTITY = "identity"  # the keys by which a publisher signs in its readers
    AUTHOR = "author"
    BAN = "ban"
    TOKEN = "token"  # noqa: S105 - no password
    PERSON = "person"
    ROLE = "role"
    SESSION = "session"
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`actor` says in what capacity, where `by` alone does not."""

    kind: Kind
    action: str  # a word or two: "added", "revoked", "mode changed"
    by: str
    site_id: UUID | None = None
    actor: str | None = None
    subject: UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    content: bytes | None = None


def note(session: Session, *entries: Entry) -> None:
    """These things are done in this session's transaction."""
    _noted(session).extend(entries)


def note_decisions(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """These rows are added to the table of decisions."""
    note(session, *map(_decided, rows))


def note_policy(session: Session, made: StoredPolicy) -> None:
    note(
        session,
        Entry(
            kind=Kind.POLICY,
            action="version made",
            by=made.by,
            site_id=made.site_id,
            details={"version": made.version, "created_at": made.created_at},
            content=chain.digest(made.settings),
        ),
    )


def new_salt() -> bytes:
    return os.urandom(SALT_BYTES)


def facts_of(decision: Mapping[str, Any]) -> dict[str, Any]:
    return {name: decision[name] for name in FACTS if decision[name] is not None}


def content_of(decision: Mapping[str, Any]) -> bytes:
    given = {name: decision[name] for name in CONTENT if decision.get(name) is not None}
    return chain.digest(given, salt=decision["salt"])


def _decided(row: Mapping[str, Any]) -> Entry:
    return Entry(
        kind=Kind.DECISION,
        action=row["to_state"],
        by=row["by"],
        site_id=row["site_id"],
        actor=row["actor"],
        subject=row["id"],
        details=facts_of(row),
        content=content_of(row),
    )


def linked(
    entries: Iterable[Entry], *, seq: int, last: bytes, at: datetime | None = None
) -> list[dict[str, Any]]:
    """The rows of entries that follow the one with this number and hash."""
    rows = []
    for entry in entries:
        seq += 1
        row = {
            "seq": seq,
            "at": at,
            "site_id": entry.site_id,
            "kind": entry.kind,
            "action": entry.action,
            "by": entry.by,
            "actor": entry.actor,
            "subject": entry.subject,
            "details": chain.details(entry.details),
            "content": entry.content,
            "prev": last,
        }
        row["hash"] = last = chain.linked(last, row)
        rows.append(row)
    return rows


def _noted(session: Session) -> list[Entry]:
    """Of the present transaction: what an earlier one noted that was rolled back never was."""
    transaction = session.get_transaction() or session.begin()
    of, entries = session.info.get(NOTED, (None, []))
    if of is not transaction:
        entries = []
        session.info[NOTED] = (transaction, entries)
    return cast(list[Entry], entries)


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    if NOTED not in session.info or session.in_nested_transaction():
        return
    entries = _noted(session)
    if entries:
        session.flush()  # before the lock, so that others wait for nothing but these entries
        _add(session.connection(), entries)
    del session.info[NOTED]


def _add(connection: Connection, entries: Sequence[Entry]) -> None:
    head = connection.execute(LOCK).one_or_none()
    if head is None:
        raise RuntimeError("The audit log's head is gone: run afterword audit verify.")
    seq, last, at = head
    rows = linked(entries, seq=seq, last=last, at=at)
    connection.execute(ADD, rows)
    connection.execute(MOVE_HEAD, {"seq": rows[-1]["seq"], "hash": rows[-1]["hash"]})
