"""What moderators read: the queue, page by page, each at a bounded cost, however it is filtered.

What is rare is found by an index: see service/store/search.py. For all else as many rows as a
WINDOW are looked through, in order, and the next page goes on behind them: it may be that a page
is short, or empty, and yet has a next one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.domain.states import Actor, State
from service.store import queue_filters, search
from service.store.db import AnyRow, AnySelect, now
from service.store.models import Author, Comment, Decision, Revision, Site, Thread
from service.store.queue_filters import Filters

FEW = 1_000  # so many are fetched by their ids and sorted
WINDOW = 5_000  # rows of a state, of which those that are asked for are picked out

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


class Order(StrEnum):
    """AGE: the oldest first of what waits, the newest first of what is decided."""

    AGE = "age"
    RISK = "risk"  # the riskiest first, of what is held; of equal ones the newest


@dataclass(frozen=True, slots=True)
class Page:
    items: Sequence[AnyRow]
    next: UUID | None


def page(
    session: Session,
    filters: Filters,
    *,
    after: UUID | None,
    limit: int,
    order: Order = Order.AGE,
    but: ColumnElement[bool] | None = None,
) -> Page:
    """`but` are further conditions on a revision."""
    found, following = ids(session, filters, after=after, limit=limit, order=order, but=but)
    return Page(rows(session, found), following)


def rows(session: Session, revision_ids: Sequence[UUID]) -> Sequence[AnyRow]:
    """In the same order."""
    found = session.execute(ITEMS.where(Revision.id.in_(revision_ids))).all()
    place = {id: number for number, id in enumerate(revision_ids)}
    return sorted(found, key=lambda row: place[row.Revision.id])


def ids(
    session: Session,
    filters: Filters,
    *,
    after: UUID | None,
    limit: int,
    order: Order = Order.AGE,
    but: ColumnElement[bool] | None = None,
    few: int = FEW,
    window: int = WINDOW,
) -> tuple[Sequence[UUID], UUID | None]:
    """The revisions of a page, and behind which one the next page begins."""
    by_risk = order is Order.RISK and filters.state is State.HELD and not filters.raised
    keys = [Revision.risk, Revision.id] if by_risk else [Revision.id]
    is_rising = not by_risk and (filters.raised or filters.state in (State.RECEIVED, State.HELD))
    base = queue_filters.base(filters, by_risk=by_risk)
    base += _cursor(session, keys, after, is_rising=is_rising)
    others = queue_filters.others(filters)
    ordered = [key.asc() if is_rising else key.desc() for key in keys]
    bound: AnyRow | None = None
    if (some := _few(session, filters, most=few)) is not None:
        if not some:
            return [], None
        base.append(Revision.id.in_(some))
    elif (others or but is not None) and not filters.raised:
        end = select(*keys).where(*base).order_by(*ordered).offset(window - 1).limit(1)
        bound = session.execute(end).one_or_none()
        if bound is not None:
            base.append(_compare(keys, bound, is_rising=not is_rising, with_equal=True))
    query = queue_filters.joined(select(Revision.id), filters)
    query = query.where(*base, *others, *([] if but is None else [but])).order_by(*ordered)
    found = session.scalars(query.limit(limit + 1)).all()
    if len(found) > limit:
        return found[:limit], found[limit - 1]
    return found, bound.id if bound is not None else None


Keys = Sequence[InstrumentedAttribute[Any]]


def _few(session: Session, filters: Filters, *, most: int) -> Sequence[UUID] | None:
    """The revisions that may be meant, where these are few; None where they are many, or all."""
    if filters.campaign:
        columns = (Revision.campaign_id, Revision.comment_id)
        any_of = (select(Revision.id).where(column == filters.campaign) for column in columns)
        found = session.scalars(union_all(*any_of).limit(most + 1)).all()
        if len(found) <= most:
            return found
    terms, marks = queue_filters.terms(filters), queue_filters.marks(filters, few=True)
    if filters.raised or filters.state is State.RECEIVED or not (terms or marks):
        return None
    if not search.is_complete(session):
        return None
    return search.few(session, terms, marks, most=most)


def _cursor(
    session: Session, keys: Keys, after: UUID | None, *, is_rising: bool
) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    last = session.execute(select(*keys).where(Revision.id == after)).one_or_none()
    if last is None:  # deleted meanwhile: what is not known is begun anew
        return [] if len(keys) > 1 else [_compare(keys, [after], is_rising=is_rising)]
    return [_compare(keys, last, is_rising=is_rising)]


def _compare(
    keys: Keys, place: Sequence[Any], *, is_rising: bool, with_equal: bool = False
) -> ColumnElement[bool]:
    """Rows behind a place, in an order that rises or falls."""
    row, there = tuple_(*keys), tuple_(*place)
    if is_rising:
        return row >= there if with_equal else row > there
    return row <= there if with_equal else row < there


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
    return count, max(0.0, (clock - oldest).total_seconds()) if oldest else 0.0


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
