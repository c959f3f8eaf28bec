"""The tables."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.ids import new_id
from service.domain.states import State
from service.store.db import Base, UtcTime, now

JsonValue = JSON().with_variant(JSONB(), "postgresql")


def key() -> Any:
    return mapped_column(Uuid, primary_key=True, default=new_id)


def clock() -> Any:
    return mapped_column(UtcTime, default=now())


class Site(Base):
    """A publisher's website."""

    __tablename__ = "sites"
    id: Mapped[UUID] = key()
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    policy_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = clock()
    changes: Mapped[int] = mapped_column(default=0)  # of the settings
    changed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class SiteOrigin(Base):
    """An origin, such as https://www.example.org, whose pages may post and read."""

    __tablename__ = "site_origins"
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300), primary_key=True, index=True)


class StoredPolicy(Base):
    """One version of a site's policy. Never changed: a new version is a new row."""

    __tablename__ = "policies"
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = clock()


class Thread(Base):
    """The conversation under one article. `comment_count` moves together with the states.

    `changes` counts how often readers had something new to see, or something less, and
    `changed_at` says when they last had.
    """

    __tablename__ = "threads"
    id: Mapped[UUID] = key()
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    page: Mapped[str] = mapped_column(String(500))
    title: Mapped[str | None] = mapped_column(String(300))
    url: Mapped[str | None] = mapped_column(String(2000))
    mode: Mapped[str | None] = mapped_column(String(16))  # None: as the site's policy says
    slow_seconds: Mapped[int] = mapped_column(default=0)  # between two comments of one reader
    note: Mapped[str | None] = mapped_column(String(500))  # to readers, above the comments
    set_by: Mapped[str | None] = mapped_column(String(254))  # mode, pace and note, the last time
    set_at: Mapped[datetime | None] = mapped_column(UtcTime)
    comment_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = clock()
    changes: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    __table_args__ = (
        Index("uq_threads_site_id_page", "site_id", "page", unique=True),
        Index("ix_threads_site_id_created_at", "site_id", "created_at"),
    )


class Author(Base):
    """Somebody who can be recognised: by e-mail address or by whom a publisher signed in.

    Either is kept as a keyed hash, and the address also sealed.
    """

    __tablename__ = "authors"
    id: Mapped[UUID] = key()
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    identity: Mapped[str] = mapped_column(String(80))
    email_sealed: Mapped[str | None] = mapped_column(Text)
    email_key: Mapped[str | None] = mapped_column(String(40))  # the address alone, keyed per site
    name_key: Mapped[str | None] = mapped_column(String(100))  # the name at first, case folded
    active_at: Mapped[datetime] = clock()  # not before then they last wrote, see retention.py
    created_at: Mapped[datetime] = clock()
    __table_args__ = (Index("uq_authors_site_id_identity", "site_id", "identity", unique=True),)


Index("ix_authors_site_id_email_key", Author.site_id, Author.email_key)
Index("ix_authors_site_id_name_key", Author.site_id, Author.name_key)


class Comment(Base):
    """A place in a thread. What it says is in its revisions.

    `listed` = public itself, or the parent of something listed (then it is a tombstone).
    """

    __tablename__ = "comments"
    id: Mapped[UUID] = key()
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    thread_id: Mapped[UUID] = mapped_column(ForeignKey("threads.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("comments.id"))
    root_id: Mapped[UUID | None] = mapped_column(Uuid)  # the top-level ancestor; None at the top
    depth: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("authors.id"))
    author_name: Mapped[str] = mapped_column(String(100))
    author_badge: Mapped[str | None] = mapped_column(String(40))
    address_hash: Mapped[str | None] = mapped_column(String(40))
    ups: Mapped[int] = mapped_column(default=0)
    downs: Mapped[int] = mapped_column(default=0)
    score: Mapped[int] = mapped_column(default=0)  # by both, see service/domain/ranking.py
    open_reports: Mapped[int] = mapped_column(default=0)  # since the last decision
    raised_at: Mapped[datetime | None] = mapped_column(UtcTime)  # to moderators, by reports
    public_revision_id: Mapped[UUID | None] = mapped_column(Uuid)
    listed: Mapped[bool] = mapped_column(default=False)
    listed_children: Mapped[int] = mapped_column(default=0)
    editable_until: Mapped[datetime] = mapped_column(UtcTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcTime)  # what was personal in it
    created_at: Mapped[datetime] = clock()


# Partial indexes keep the read of a page independent of all that is not shown. Their conditions are
# raw text because SQLite uses one only when the query says the very same thing.
TOP_LEVEL = text("listed AND parent_id IS NULL")
REPLY = text("listed AND parent_id IS NOT NULL")
RAISED = text("raised_at IS NOT NULL")


def partial(name: str, *columns: Any, where: Any) -> Index:
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


partial("ix_authors_unkeyed", Author.id, where=text("name_key IS NULL"))
partial("ix_comments_by_age", Comment.thread_id, Comment.id, where=TOP_LEVEL)
partial("ix_comments_by_score", Comment.thread_id, Comment.score, Comment.id, where=TOP_LEVEL)
partial("ix_comments_replies", Comment.root_id, Comment.id, where=REPLY)
partial("ix_comments_raised", Comment.site_id, Comment.public_revision_id, where=RAISED)
Index("ix_comments_parent_id", Comment.parent_id)
Index("ix_comments_author_id_created_at", Comment.author_id, Comment.created_at)
Index(
    "ix_comments_site_id_address_hash_created_at",
    Comment.site_id, Comment.address_hash, Comment.created_at,
)  # fmt: skip
Index("ix_comments_thread_id_created_at", Comment.thread_id, Comment.created_at)


class Revision(Base):
    """One exact text of a comment: what moderation judges.

    `received` rows are the queue: `attempts` counts how often one was claimed, until `lease_until`
    it belongs to whoever claimed it last.
    """

    __tablename__ = "revisions"
    id: Mapped[UUID] = key()
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    thread_id: Mapped[UUID] = mapped_column(ForeignKey("threads.id"))
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id"))
    number: Mapped[int] = mapped_column(default=1)
    cut_from: Mapped[UUID | None] = mapped_column(Uuid)  # of what a moderator left this of
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    render_version: Mapped[int]
    state: Mapped[State] = mapped_column(String(16), default=State.RECEIVED)
    form_trap_filled: Mapped[bool] = mapped_column(default=False)
    form_seconds: Mapped[float | None]
    fingerprint: Mapped[int | None] = mapped_column(BigInteger)
    # Checks that did not pass: ",links,words,"
    flags: Mapped[str] = mapped_column(String(200), default="")
    # What the filter keeps of the text to find others like it, the comment that those like it have
    # in common, and what was known beside the text, in log-odds.
    trace: Mapped[bytes | None] = mapped_column(LargeBinary)
    campaign_id: Mapped[UUID | None] = mapped_column(Uuid)
    facts_logit: Mapped[float | None]
    risk: Mapped[float] = mapped_column(Double, default=0.0, server_default="0")  # in log-odds
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = clock()
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)


RECEIVED = text("state = 'received'")
Index("uq_revisions_comment_id_number", Revision.comment_id, Revision.number, unique=True)
partial("ix_revisions_received", Revision.attempts, Revision.id, where=RECEIVED)
Index("ix_revisions_site_id_state_id", Revision.site_id, Revision.state, Revision.id)
Index("ix_revisions_state_id", Revision.state, Revision.id)
Index("ix_revisions_site_id_created_at", Revision.site_id, Revision.created_at)
TRACED = text("trace IS NOT NULL")
partial("ix_revisions_traced", Revision.site_id, Revision.decided_at, where=TRACED)
HELD = text("state = 'held'")
partial("ix_revisions_held_by_risk", Revision.risk, Revision.id, where=HELD)
partial(
    "ix_revisions_held_of_site_by_risk", Revision.site_id, Revision.risk, Revision.id, where=HELD
)
IN_CAMPAIGN = text("campaign_id IS NOT NULL")
partial("ix_revisions_campaign_id", Revision.campaign_id, where=IN_CAMPAIGN)


class Decision(Base):
    """Why a revision moved from one state to another. Only what is erased of it ever changes."""

    __tablename__ = "decisions"
    id: Mapped[UUID] = key()
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id"), index=True)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revisions.id"), index=True)
    site_id: Mapped[UUID | None] = mapped_column(Uuid)
    start: Mapped[State] = mapped_column("from_state", String(16))
    target: Mapped[State] = mapped_column("to_state", String(16))
    actor: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(254))
    reason: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str | None] = mapped_column(Text)  # what the author was told
    findings: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonValue)
    policy_version: Mapped[int | None]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)  # of the audit log's hash of it
    created_at: Mapped[datetime] = clock()


MODERATED = text("actor = 'moderator'")
partial("ix_decisions_moderated", Decision.site_id, Decision.created_at, where=MODERATED)
