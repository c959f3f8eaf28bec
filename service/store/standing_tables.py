"""The tables of how authors stand with moderators."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.standings import Standing
from service.store.db import Base, UtcTime
from service.store.models import clock, key


class StandingEntry(Base):
    """One decision of a moderator about a subject. Only what is erased of it ever changes.

    The newest counts. Taking one back is an entry as well, which names the one that it takes back.
    """

    __tablename__ = "standings"
    id: Mapped[UUID] = key()
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    subject: Mapped[str] = mapped_column(String(80))  # see service/domain/standings.py
    number: Mapped[int]
    standing: Mapped[Standing] = mapped_column(String(16))
    until: Mapped[datetime | None] = mapped_column(UtcTime)
    reason: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(Text)
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("comments.id"))  # what it was for
    undoes: Mapped[UUID | None] = mapped_column(ForeignKey("standings.id"))
    by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = clock()


Index(
    "uq_standings_site_id_subject_number",
    StandingEntry.site_id,
    StandingEntry.subject,
    StandingEntry.number,
    unique=True,
)


class WatchedAddress(Base):
    """A network address on which moderators decided, as its keyed hash of some day.

    With the day, whoever posts can be compared with it later, too; `day` is missing where that
    found the same address on another day. Forgotten at `until`.
    """

    __tablename__ = "watched_addresses"
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    day: Mapped[date | None] = mapped_column(Date)
    until: Mapped[datetime] = mapped_column(UtcTime, index=True)
