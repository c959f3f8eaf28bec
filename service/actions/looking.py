"""Looking: moderators take the next comments, each others than the rest, and let them go again."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from service.store import looks, queue
from service.store.db import begin_write
from service.store.queue import Order
from service.store.queue_filters import Filters

MOST_WINDOWS = 3  # are looked through while others wait


def take_next(
    session: Session,
    filters: Filters,
    *,
    by: str,
    limit: int,
    order: Order,
    after: UUID | None,
    but: Collection[UUID],
) -> tuple[Sequence[UUID], UUID | None]:
    """The next revisions that nobody else looks at, and behind which one to go on."""
    begin_write(session)
    looks.take_turns(session)
    taken: list[UUID] = []
    for _ in range(MOST_WINDOWS):
        found, after = queue.ids(
            session,
            filters,
            after=after,
            limit=limit - len(taken),
            order=order,
            but=looks.is_free(by, but=but),
        )
        free = set(looks.take(session, found, by=by))
        taken += [id for id in found if id in free]
        if after is None or len(taken) >= limit:
            break
    session.commit()
    return taken, after


def renew(
    session: Session, revision_ids: Collection[UUID], *, by: str, sites: Collection[UUID] | None
) -> Sequence[UUID]:
    """Go on looking, or begin to; answers at which ones nobody else does."""
    begin_write(session)
    taken = looks.take(session, looks.there(session, revision_ids, sites), by=by)
    session.commit()
    return taken


def let_go(session: Session, *, by: str) -> None:
    begin_write(session)
    looks.let_go(session, by=by)
    session.commit()


def forget(session: Session) -> int:
    """Delete looks that are over; answers how many."""
    begin_write(session)
    forgotten = looks.forget(session)
    session.commit()
    return forgotten
