"""The tables by which people sign in: links, recovery codes, and how often somebody guessed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.roles import Role
from service.store.db import Base, UtcTime
from service.store.models import JsonValue, clock, key


class Purpose(StrEnum):
    INVITATION = "invitation"
    RESET = "reset"
    CODE = "code"  # between the password and the second factor


class AccessLink(Base):
    """What a secret is good for, once: the row goes when it is used. Kept only as a hash."""

    __tablename__ = "access_links"
    id: Mapped[UUID] = key()
    purpose: Mapped[Purpose] = mapped_column(String(16))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    moderator_id: Mapped[UUID | None] = mapped_column(ForeignKey("moderators.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254))  # of whom an invitation is for
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    role: Mapped[Role | None] = mapped_column(String(16))
    made_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = clock()
    expires_at: Mapped[datetime] = mapped_column(UtcTime)


class RecoveryCode(Base):
    """Good once, in place of an app's code: the row goes when it is used."""

    __tablename__ = "recovery_codes"
    moderator_id: Mapped[UUID] = mapped_column(ForeignKey("moderators.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class GuessCount(Base):
    """When somebody lately guessed a password or a code, by a hash of whose or from where."""

    __tablename__ = "guess_counts"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    times: Mapped[list[float]] = mapped_column(JsonValue)
    changed_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
