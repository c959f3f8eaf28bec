"""How much came to a site within a window, and how much of it from people never seen before."""

from typing import Any
from uuid import UUID

from sqlalchemy import String, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from service.domain.raids import Wave
from service.store.db import AnySelect, interval, now
from service.store.models import Comment, Revision

MOST_COUNTED = 20_000  # comments of one window: a raid of more is one all the same

SINCE = now(bindparam("since", type_=String()))
RECENT = (Revision.site_id == bindparam("site")) & (Revision.created_at > SINCE)
REACHES = (
    select(Revision.id)
    .where(RECENT)
    .order_by(Revision.created_at.desc())
    .limit(1)
    .offset(bindparam("others"))
)


def _waves() -> AnySelect:
    """By thread: all comments of the window, and those by newcomers.

    Who is recognised is so by that alone; the others by their address, as far as it tells.
    """
    recent = (
        select(Revision.thread_id, Comment.author_id, Comment.address_hash)
        .join(Comment, Comment.id == Revision.comment_id)
        .where(RECENT, Revision.number == 1)
        .order_by(Revision.created_at.desc())
        .limit(MOST_COUNTED)
        .subquery()
    )
    people = (
        select(recent, func.count().label("n"))
        .group_by(recent.c.thread_id, recent.c.author_id, recent.c.address_hash)
        .subquery()
    )
    earlier = aliased(Comment)
    known = exists().where(
        earlier.site_id == bindparam("site"),
        or_(
            earlier.author_id == people.c.author_id,
            people.c.author_id.is_(None) & (earlier.address_hash == people.c.address_hash),
        ),
        earlier.created_at <= SINCE,
        earlier.public_revision_id.is_not(None),
    )
    newcomers = func.sum(case((known, 0), else_=people.c.n))
    return select(people.c.thread_id, func.sum(people.c.n), newcomers).group_by(people.c.thread_id)


WAVES = _waves()


def reaches(session: Session, site_id: UUID, *, minutes: int, comments: int) -> bool:
    """Whether so many were sent within the window: asked for each batch, so it costs little."""
    given = _given(site_id, minutes) | {"others": comments - 1}
    return session.connection().execute(REACHES, given).first() is not None


def by_thread(session: Session, site_id: UUID, *, minutes: int) -> dict[UUID, Wave]:
    rows = session.connection().execute(WAVES, _given(site_id, minutes))
    return {thread_id: Wave(int(comments), int(new)) for thread_id, comments, new in rows}


def _given(site_id: UUID, minutes: int) -> dict[str, Any]:
    return {"site": site_id, "since": interval(-60 * minutes)}
