"""Threads as moderators look at them: lists, with what waits in each and how lively it is."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import String, cast, func, or_, select, tuple_
from sqlalchemy.orm import Session

from service.domain.states import State
from service.store.db import AnyRow, AnySelect, now
from service.store.models import Comment, Revision, Site, Thread

DAYS = 14  # of which the activity is shown
THREADS: AnySelect = select(
    Thread, Site.key.label("site"), Site.name.label("site_name"), now().label("clock")
).join(Site, Site.id == Thread.site_id)


def listed(
    session: Session,
    sites: Collection[UUID] | None,
    *,
    text: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int,
) -> Sequence[AnyRow]:
    """The newest first: articles are commented on while they are new."""
    query = THREADS.order_by(Thread.created_at.desc(), Thread.id.desc()).limit(limit)
    if sites is not None:
        query = query.where(Thread.site_id.in_(sites))
    if text:
        found = (Thread.title, Thread.page, Thread.url)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in found)))
    if before is not None:
        query = query.where(tuple_(Thread.created_at, Thread.id) < tuple_(*before))
    return session.execute(query).all()


def one(session: Session, thread_id: UUID) -> AnyRow | None:
    return session.execute(THREADS.where(Thread.id == thread_id)).one_or_none()


def waiting(session: Session, thread_ids: Collection[UUID]) -> Counter[UUID]:
    """How many revisions of each wait for a moderator. What is held has an index of its own."""
    rows = session.execute(
        select(Revision.thread_id, func.count())
        .where(Revision.state == State.HELD, Revision.thread_id.in_(thread_ids))
        .group_by(Revision.thread_id)
    )
    return Counter({thread_id: count for thread_id, count in rows})  # noqa: C416 - rows are no pairs


def states(session: Session, thread_id: UUID) -> Counter[State]:
    """How many revisions of one thread are in which state."""
    rows = session.execute(
        select(Revision.state, func.count())
        .join(Comment, Comment.id == Revision.comment_id)
        .where(Comment.thread_id == thread_id)
        .group_by(Revision.state)
    )
    return Counter({State(state): count for state, count in rows})


def activity(session: Session, thread_ids: Collection[UUID]) -> dict[UUID, list[int]]:
    """Comments a day for the last days, today last."""
    day = cast(func.date(Comment.created_at), String)
    rows = session.execute(
        select(Comment.thread_id, day, func.count())
        .where(Comment.thread_id.in_(thread_ids), Comment.created_at > now(-DAYS * 86_400))
        .group_by(Comment.thread_id, day)
    )
    counts: dict[UUID, Counter[str]] = defaultdict(Counter)
    for thread_id, at, count in rows:
        counts[thread_id][at] = count
    today = session.execute(select(now())).scalar_one().date()
    days = [(today - timedelta(days=back)).isoformat() for back in reversed(range(DAYS))]
    return {key: [counts[key][one] for one in days] for key in thread_ids}
