"""How many comments came shortly before one: by its author, from its address, in its thread."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Column, Table, bindparam, func, literal, null, select, true, union_all
from sqlalchemy.orm import Session

from service.store.claims import Claimed
from service.store.models import Comment

Moment = tuple[datetime, UUID]  # the id tells who was first of those that share a transaction
FIRST_ID = UUID(int=0)

COMMENTS = cast(Table, Comment.__table__)


def _query(column: Column[Any], *, of_site: bool = False) -> Any:
    """What leaves the window and what enters it while the batch passes, one by one.

    What lies between is in the window of each of the batch: its number is enough, which the index
    tells. Three ranges apart, since SQLite looks up no others in an index.
    """
    site = COMMENTS.c.site_id == bindparam("site") if of_site else true()
    at = COMMENTS.c.created_at
    mine = site & column.in_(bindparam("values", expanding=True))
    single = select(column, at, COMMENTS.c.id, literal(1)).where(mine)
    together = select(column, null(), null(), func.count()).where(mine).group_by(column)
    return union_all(
        single.where(at >= bindparam("since"), at < bindparam("inside")),
        together.where(at >= bindparam("inside"), at < bindparam("first")),
        single.where(at >= bindparam("first"), at <= bindparam("last")),
    )


QUERIES = {
    "author_id": _query(COMMENTS.c.author_id),
    "address_hash": _query(COMMENTS.c.address_hash, of_site=True),
    "thread_id": _query(COMMENTS.c.thread_id),
}


@dataclass(frozen=True, slots=True)
class Windows:
    """Counts for each row of one batch, by the value of one of its columns."""

    name: str
    length: timedelta
    moments: dict[Any, list[Moment]] = field(default_factory=lambda: defaultdict(list))
    between: Counter[Any] = field(default_factory=Counter)

    def before(self, row: Claimed) -> int:
        """How many came before this one in its window."""
        value, at = getattr(row, self.name), row.posted_at
        seen = self.moments.get(value, ())
        start, end = (at - self.length, FIRST_ID), (at, row.comment_id)
        return bisect_left(seen, end) - bisect_left(seen, start) + self.between[value]


def look_back(session: Session, name: str, batch: Sequence[Claimed], length: timedelta) -> Windows:
    """Windows of comments of one site by the column `name`, each up to a row of the batch."""
    windows = Windows(name, length)
    values = [value for value in {getattr(row, name) for row in batch} if value is not None]
    if not values or not length:
        return windows
    times = [row.posted_at for row in batch]
    first, last = min(times), max(times)
    given = {
        "site": batch[0].site_id,
        "values": values,
        "since": first - length,
        "inside": min(last - length, first),
        "first": first,
        "last": last,
    }
    for value, at, comment_id, count in session.connection().execute(QUERIES[name], given).all():
        if at is None:
            windows.between[value] += count
        else:
            windows.moments[value].append((at, comment_id))
    for moments in windows.moments.values():
        moments.sort()
    return windows
