"""The tables of what readers do with comments, and of how their publishers vouch for them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.store.db import Base, UtcTime, now
from service.store.models import clock, key


class IdentityKey(Base):
    """With what the tokens of a site's readers are verified. Two at a time, while keys change."""

    __tablename__ = "identity_keys"
    id: Mapped[UUID] = key()
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    algorithm: Mapped[str] = mapped_column(String(16))
    key_sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = clock()


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


class Report(Base):
    """What one reader told moderators about a public comment. Settled by their decision."""

    __tablename__ = "reports"
    id: Mapped[UUID] = key()
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id"))
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revisions.id"))  # the text they read
    reader: Mapped[str] = mapped_column(String(40))
    address_hash: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = clock()
    settled_at: Mapped[datetime | None] = mapped_column(UtcTime)


Index("uq_reports_comment_id_reader", Report.comment_id, Report.reader, unique=True)


class IdempotencyKey(Base):
    """What a request with an Idempotency-Key made, so that sending it again makes nothing more."""

    __tablename__ = "idempotency_keys"
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(40), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    comment_id: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now(), index=True)
