"""What moderators read: the queue and everything about one comment."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from service.domain.states import FINAL, Actor, State
from service.store.db import AnyRow, AnySelect, now
from service.store.models import RAISED, Author, Comment, Decision, Revision, Site, Thread

ITEMS: AnySelect = (
    select(
        Revision, Comment, Site.key.label("site"), Thread.page, Thread.title, Thread.url,
        Thread.mode, Author.email_sealed,
    )
    .join(Comment, Comment.id == Revision.comment_id)
    .join(Thread, Thread.id == Revision.thread_id)
    .join(Site, Site.id == Revision.site_id)
    .outerjoin(Author, Author.id == Comment.author_id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    sites: Collection[UUID] | None  # None: all
    state: State
    thread: UUID | None = None
    author: UUID | None = None
    text: str | None = None
    check: str | None = None
    campaign: UUID | None = None
    raised: bool = False  # by readers' reports


def items(
    session: Session, filters: Filters, *, after: UUID | None, limit: int
) -> Sequence[AnyRow]:
    """Oldest first for what waits for a decision, newest first for what is decided."""
    query = _filtered(ITEMS, filters)
    if filters.raised or filters.state in (State.RECEIVED, State.HELD):
        query = query.where(Revision.id > after) if after else query
        query = query.order_by(Revision.id)
    else:
        query = query.where(Revision.id < after) if after else query
        query = query.order_by(Revision.id.desc())
    return session.execute(query.limit(limit)).all()


def waiting(session: Session, sites: Collection[UUID] | None) -> int:
    """How many revisions wait for a moderator."""
    query = select(func.count()).where(Revision.state == State.HELD)
    if sites is not None:
        query = query.where(Revision.site_id.in_(sites))
    return session.execute(query).scalar_one()


def held(session: Session) -> tuple[int, float]:
    """How many revisions wait for a moderator, and the age of the oldest in seconds."""
    count, oldest, clock = session.execute(
        select(func.count(Revision.id), func.min(Revision.created_at), now()).where(
            Revision.state == State.HELD
        )
    ).one()
    return count, (clock - oldest).total_seconds() if oldest else 0.0


def _filtered(query: AnySelect, filters: Filters) -> AnySelect:
    query = query.where(Revision.state == filters.state)
    if filters.raised:
        query = query.where(RAISED, Comment.public_revision_id == Revision.id)
    if filters.sites is not None:
        query = query.where(Revision.site_id.in_(filters.sites))
    if filters.thread:
        query = query.where(Revision.thread_id == filters.thread)
    if filters.author:
        query = query.where(Comment.author_id == filters.author)
    if filters.text:
        found = Revision.body.icontains(filters.text, autoescape=True)
        query = query.where(found | Comment.author_name.icontains(filters.text, autoescape=True))
    if filters.campaign:
        query = query.where(_in_campaign(filters.campaign))
    if filters.check:
        query = query.where(Revision.flags.contains(f",{filters.check},", autoescape=True))
    return query


def _in_campaign(campaign: UUID) -> ColumnElement[bool]:
    """The campaign is called by the first comment of it, which came before there was one."""
    return or_(Revision.campaign_id == campaign, Revision.comment_id == campaign)


@dataclass(frozen=True, slots=True)
class Campaign:
    """Comments that are like a given one."""

    id: UUID
    others: int
    waiting: int  # of the others, those that are held


def campaigns(session: Session, revision_ids: Collection[UUID]) -> dict[UUID, Campaign]:
    """By revision, for those that have others like them."""
    rows = session.execute(
        select(Revision.id, Revision.comment_id, Revision.campaign_id, Revision.state).where(
            Revision.id.in_(revision_ids)
        )
    ).all()
    own: dict[UUID, UUID] = {row.id: row.campaign_id or row.comment_id for row in rows}
    counts: Counter[tuple[UUID | None, str]] = Counter()
    for column in (Revision.campaign_id, Revision.comment_id):
        found = session.execute(
            select(column, Revision.state, func.count())
            .where(column.in_(set(own.values())), Revision.state.not_in(FINAL))
            .group_by(column, Revision.state)
        )
        for id, state, count in found:
            counts[id, state] += count
    sizes: Counter[UUID | None] = Counter()
    for (id, _), count in counts.items():
        sizes[id] += count
    return {
        row.id: Campaign(
            own[row.id],
            sizes[own[row.id]] - 1,
            counts[own[row.id], State.HELD] - (row.state == State.HELD),
        )
        for row in rows
        if sizes[own[row.id]] > 1
    }


def findings(session: Session, revision_ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """What screening found, by revision."""
    rows = session.execute(
        select(Decision.revision_id, Decision.findings).where(
            Decision.revision_id.in_(revision_ids), Decision.actor == Actor.SCREENING
        )
    )
    return {row.revision_id: row.findings or [] for row in rows}


def item(session: Session, comment_id: UUID) -> Sequence[AnyRow]:
    """Every revision of one comment, oldest first."""
    query = ITEMS.where(Revision.comment_id == comment_id).order_by(Revision.number)
    return session.execute(query).all()


def decisions(session: Session, comment_id: UUID) -> Sequence[Decision]:
    return session.scalars(
        select(Decision).where(Decision.comment_id == comment_id).order_by(Decision.id)
    ).all()


def last_decisions(session: Session, revision_ids: Sequence[UUID]) -> dict[UUID, Decision]:
    """The newest decision of each revision: what a moderator who came too late is told."""
    rows = session.scalars(
        select(Decision).where(Decision.revision_id.in_(revision_ids)).order_by(Decision.id)
    )
    return {decision.revision_id: decision for decision in rows}


def present(session: Session, revision_ids: Sequence[UUID]) -> dict[UUID, AnyRow]:
    """State, comment and site of each revision, as they are now."""
    rows = session.execute(
        select(
            Revision.id,
            Revision.comment_id,
            Revision.site_id,
            Revision.state,
            Comment.open_reports,
        )
        .join(Comment, Comment.id == Revision.comment_id)
        .where(Revision.id.in_(revision_ids))
    )
    return {row.id: row for row in rows}
