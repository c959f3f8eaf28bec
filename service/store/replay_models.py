"""The tables of replays."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.replay import Stage
from service.store.db import Base, UtcTime
from service.store.models import JsonValue, clock, key


class Replay(Base):
    """A wish to know what a policy would have done to past comments, and what was found out.

    `waiting` rows are the queue. `policy_version` is the site's when this was asked for.
    """

    __tablename__ = "replays"
    id: Mapped[UUID] = key()
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    settings: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    policy_version: Mapped[int]
    since: Mapped[datetime | None] = mapped_column(UtcTime)
    last: Mapped[int | None]
    stage: Mapped[Stage] = mapped_column(String(16), default=Stage.WAITING)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = clock()
    started_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


Index("ix_replays_stage_id", Replay.stage, Replay.id)


class ReplayPiece(Base):
    """Revisions of a replay that are still to be judged, from the first to the last by age.

    Until `lease_until` it belongs to whoever claimed it last. Gone once its result is in.
    """

    __tablename__ = "replay_pieces"
    replay_id: Mapped[UUID] = mapped_column(ForeignKey("replays.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(UtcTime)
    first_id: Mapped[UUID] = mapped_column(Uuid)
    last_at: Mapped[datetime] = mapped_column(UtcTime)
    last_id: Mapped[UUID] = mapped_column(Uuid)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcTime)
