"""The tables of searching."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.store.db import Base

NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # only so does SQLite number by itself


class SearchEntry(Base):
    """What a screened revision is found by, as service/domain/search_words.py says.

    An index of the words is beside it, in each database's own way: migration 0010.
    """

    __tablename__ = "search_entries"
    number: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=True)
    revision_id: Mapped[UUID] = mapped_column(
        ForeignKey("revisions.id", ondelete="CASCADE"), unique=True
    )
    words: Mapped[str] = mapped_column(Text)


class Backfill(Base):
    """What a migration left to the sweep, which works from the newest revision to the oldest."""

    __tablename__ = "backfills"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    before: Mapped[UUID] = mapped_column(Uuid)
