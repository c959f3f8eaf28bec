"""What is personal goes when it is no longer needed, some rows at a time, the oldest first.

Each is found by an index of the rows that still have it. Rows that somebody else holds are left
for the next time, so that nobody waits in a circle.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import (
    Table,
    and_,
    bindparam,
    delete,
    func,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from service.store import desk_sessions
from service.store.db import AnyRow, now
from service.store.models import Author, Comment, partial
from service.store.people_tables import AccessLink
from service.store.reader_tables import Report, Vote

# Where a publisher vouches for a reader there never was an address: what is forgotten is empty.
ADDRESSED, OF_READER = text("address_hash <> ''"), text("reader < 'x'")
WITH_ADDRESS, WITH_EMAIL = text("address_hash IS NOT NULL"), text("email_sealed IS NOT NULL")
partial("ix_comments_addressed", Comment.created_at, where=WITH_ADDRESS)
partial("ix_votes_addressed", Vote.created_at, where=ADDRESSED)
partial("ix_votes_of_readers", Vote.created_at, where=OF_READER)
partial("ix_reports_addressed", Report.created_at, where=ADDRESSED)
partial("ix_reports_of_readers", Report.created_at, where=OF_READER)
partial("ix_authors_with_email", Author.active_at, where=WITH_EMAIL)

DAY = 86_400
AUTHORS, COMMENTS = cast(Table, Author.__table__), cast(Table, Comment.__table__)
VOTES, REPORTS = cast(Table, Vote.__table__), cast(Table, Report.__table__)


def nobody() -> str:
    """In place of a reader's hash, which begins with a digit or with a letter up to f."""
    return f"x{uuid4().hex}"


@dataclass(frozen=True, slots=True)
class Timer:
    """What becomes of some columns of a table's rows when these are old."""

    table: Table
    condition: Any  # as the index has it
    blank: Callable[[], Mapping[str, Any]]


ADDRESSES = (
    Timer(COMMENTS, WITH_ADDRESS, lambda: {"address_hash": None}),
    Timer(VOTES, ADDRESSED, lambda: {"address_hash": ""}),
    Timer(REPORTS, ADDRESSED, lambda: {"address_hash": ""}),
)
READERS = (
    Timer(VOTES, OF_READER, lambda: {"reader": nobody()}),
    Timer(REPORTS, OF_READER, lambda: {"reader": nobody(), "note": None}),
)


def blank(session: Session, timer: Timer, *, days: float, most: int) -> int:
    """Blank some rows older than so many days; answers how many."""
    table = timer.table
    rows = session.execute(
        select(*table.primary_key.columns)
        .where(timer.condition, table.c.created_at < now(-days * DAY))
        .order_by(table.c.created_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    _blank(session, timer, rows)
    return len(rows)


def unlink_reader(session: Session, reader: str) -> None:
    """What this reader voted and reported, no longer says who it was."""
    for timer in READERS:
        is_theirs = timer.table.c.reader == reader
        query = select(*timer.table.primary_key.columns).where(is_theirs)
        _blank(session, timer, session.execute(query).all())


def _blank(session: Session, timer: Timer, rows: Sequence[AnyRow]) -> None:
    if not rows:
        return
    keys = timer.table.primary_key.columns
    is_it = and_(*(column == bindparam(f"key_{column.name}") for column in keys))
    names: dict[str, Any] = {name: bindparam(f"new_{name}") for name in timer.blank()}
    given = [
        {f"key_{column.name}": value for column, value in zip(keys, row, strict=True)}
        | {f"new_{name}": value for name, value in timer.blank().items()}
        for row in rows
    ]
    session.connection().execute(update(timer.table).where(is_it).values(names), given)


LAST = (
    select(func.max(COMMENTS.c.created_at))
    .where(COMMENTS.c.author_id == AUTHORS.c.id)
    .scalar_subquery()
)


def quiet(session: Session, *, days: float, most: int) -> Sequence[AnyRow]:
    """Authors with an e-mail address who may not have written for so long, held until the commit.

    `is_quiet` says whether they have not; `last` is when they did.
    """
    last = func.coalesce(LAST, AUTHORS.c.created_at)
    return session.execute(
        select(
            AUTHORS.c.id, AUTHORS.c.site_id, AUTHORS.c.email_key,
            type_coerce(last, AUTHORS.c.created_at.type).label("last"),
            (last < now(-days * DAY)).label("is_quiet"),
        )
        .where(WITH_EMAIL, AUTHORS.c.active_at < now(-days * DAY))
        .order_by(AUTHORS.c.active_at)
        .limit(most)
        .with_for_update(of=AUTHORS, skip_locked=True)
    ).all()  # fmt: skip


def look_again(session: Session, author_id: UUID, *, at: datetime | now) -> None:
    """Some days after this time."""
    session.execute(update(AUTHORS).where(AUTHORS.c.id == author_id).values(active_at=at))


def forget_email(session: Session, author_id: UUID) -> None:
    """And with it that this is who writes under it: the next comment makes another author."""
    values = {"email_sealed": None, "email_key": None, "identity": f"forgotten:{author_id}"}
    session.execute(update(AUTHORS).where(AUTHORS.c.id == author_id).values(values))


def forget_entries(session: Session) -> int:
    """Sessions that have ended, and links that are no longer good; answers how many."""
    links = delete(AccessLink).where(AccessLink.expires_at <= now()).returning(AccessLink.id)
    return desk_sessions.end_expired(session) + len(session.execute(links).all())
