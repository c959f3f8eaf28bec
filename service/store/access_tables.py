"""The tables of who may moderate, and who is signed in at the desk."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.roles import Role
from service.store.db import Base, UtcTime
from service.store.models import JsonValue, clock, key


class Moderator(Base):
    __tablename__ = "moderators"
    id: Mapped[UUID] = key()
    email: Mapped[str] = mapped_column(String(254), unique=True)
    created_at: Mapped[datetime] = clock()
    password_hash: Mapped[str | None] = mapped_column(String(200))
    # The secret of an app that makes codes, sealed; the one that is being set up; the last code.
    factor_sealed: Mapped[str | None] = mapped_column(Text)
    factor_pending: Mapped[str | None] = mapped_column(Text)
    factor_step: Mapped[int | None] = mapped_column(BigInteger)


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
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Grant(Base):
    """A person's role at one site. Without a site it is their role at all of them."""

    __tablename__ = "grants"
    id: Mapped[UUID] = key()
    moderator_id: Mapped[UUID] = mapped_column(ForeignKey("moderators.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    role: Mapped[Role] = mapped_column(String(16))
    created_at: Mapped[datetime] = clock()


ALL_SITES, ONE_SITE = text("site_id IS NULL"), text("site_id IS NOT NULL")
Index(
    "uq_grants_moderator_id",
    Grant.moderator_id,
    unique=True,
    sqlite_where=ALL_SITES,
    postgresql_where=ALL_SITES,
)
Index(
    "uq_grants_moderator_id_site_id",
    Grant.moderator_id,
    Grant.site_id,
    unique=True,
    sqlite_where=ONE_SITE,
    postgresql_where=ONE_SITE,
)


class DeskSession(Base):
    """A browser in which somebody is signed in: a person by password, or a token's holder.

    The cookie holds what hashes to `secret_hash`, and nothing else.
    """

    __tablename__ = "desk_sessions"
    id: Mapped[UUID] = key()
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    moderator_id: Mapped[UUID | None] = mapped_column(ForeignKey("moderators.id"), index=True)
    token_id: Mapped[UUID | None] = mapped_column(ForeignKey("tokens.id"), index=True)
    browser: Mapped[str] = mapped_column(String(200))
    network: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = clock()
    seen_at: Mapped[datetime] = clock()
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
