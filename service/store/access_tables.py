"""The tables of who may moderate."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from service.store.db import Base, UtcTime
from service.store.models import JsonValue, clock, key


class Moderator(Base):
    __tablename__ = "moderators"
    id: Mapped[UUID] = key()
    email: Mapped[str] = mapped_column(String(254), unique=True)
    created_at: Mapped[datetime] = clock()


class Token(Base):
    """A bearer token, kept only as a hash. Without a site it is good for all of them."""

    __tablename__ = "tokens"
    id: Mapped[UUID] = key()
    name: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JsonValue)
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    moderator_id: Mapped[UUID | None] = mapped_column(ForeignKey("moderators.id"))
    created_at: Mapped[datetime] = clock()
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
