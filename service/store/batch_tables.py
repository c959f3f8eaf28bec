"""The tables of bulk decisions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.batches import Stage
from service.domain.states import State
from service.store.db import Base, UtcTime
from service.store.models import JsonValue, clock, key


class Batch(Base):
    """One decision on many comments, or the undoing of such a one (then `undoes` says which).

    What it is about is frozen when it is proposed: see BatchItem. `attempts` counts since
    something was last done.
    """

    __tablename__ = "batches"
    id: Mapped[UUID] = key()
    by: Mapped[str] = mapped_column(String(254))
    stage: Mapped[Stage] = mapped_column(String(16), default=Stage.PROPOSED)
    target: Mapped[State | None] = mapped_column("to_state", String(16))
    reason: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str | None] = mapped_column(Text)
    asked: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)  # by which filter
    undoes: Mapped[UUID | None] = mapped_column(Uuid)
    is_cut: Mapped[bool] = mapped_column(default=False)  # more match than a batch may have
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = clock()
    started_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


Index("ix_batches_stage_id", Batch.stage, Batch.id)


class BatchItem(Base):
    """A revision of a batch, in the state in which it was seen, and what became of it.

    `decision_id` is the decision that was made; before that, in a batch that undoes, the one that
    is to be undone.
    """

    __tablename__ = "batch_items"
    batch_id: Mapped[UUID] = mapped_column(
        ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(Uuid)
    comment_id: Mapped[UUID] = mapped_column(Uuid)
    revision_id: Mapped[UUID] = mapped_column(Uuid)
    seen: Mapped[State] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    decision_id: Mapped[UUID | None] = mapped_column(Uuid)


NOT_DONE = text("outcome IS NULL")
Index(
    "ix_batch_items_not_done", BatchItem.batch_id, BatchItem.number,
    sqlite_where=NOT_DONE, postgresql_where=NOT_DONE,
)  # fmt: skip
