"""The tables of the audit log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, SmallInteger, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.db import Base, UtcTime
from service.store.models import partial


class AuditEntry(Base):
    """One thing that was done. Never changed: the database itself refuses.

    `subject` is what it was done to: a decision, a thread, a token, ... `content` and `hash` are
    explained in service/domain/chain.py.
    """

    __tablename__ = "audit"
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    site_id: Mapped[UUID | None] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(16))
    action: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(String(254))
    actor: Mapped[str | None] = mapped_column(String(16))
    subject: Mapped[UUID | None] = mapped_column(Uuid)
    details: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    prev: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


# Nearly all entries are screening's decisions: what is seldom gets an index without them.
RARE, BY_SOMEBODY = text("kind <> 'decision'"), text("\"by\" <> 'screening'")
ERASURES = text("kind = 'erasure'")
Index("ix_audit_site_id_seq", AuditEntry.site_id, AuditEntry.seq)
partial("ix_audit_kind_seq", AuditEntry.kind, AuditEntry.seq, where=RARE)
partial("ix_audit_by_seq", AuditEntry.by, AuditEntry.seq, where=BY_SOMEBODY)
partial("ix_audit_erasures", AuditEntry.subject, where=ERASURES)


class AuditHead(Base):
    """Where the log ends. Whoever adds to it locks this one row, as the last thing they do."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
