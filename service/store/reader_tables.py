"""The tables of what readers do with comments."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.store.db import Base
from service.store.models import clock


class Vote(Base):
    """One reader's vote on a comment, 1 or -1. The comment's row carries their counts.

    `address_hash` is missing where the publisher vouches for the reader.
    """

    __tablename__ = "votes"
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id"), primary_key=True)
    reader: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]
    address_hash: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = clock()


Index("ix_votes_comment_id_address_hash", Vote.comment_id, Vote.address_hash)
