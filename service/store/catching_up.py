"""What came before searching was there: revisions that still need an entry, newest first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from service.domain.states import Actor, State
from service.store.claims import Claimed
from service.store.db import AnySelect
from service.store.models import Comment, Decision, Revision, Thread
from service.store.search import BACKFILL
from service.store.search_tables import Backfill, SearchEntry

REVISIONS = cast(Table, Revision.__table__)
OLDER: AnySelect = (
    select(
        SearchEntry.number, Revision.state, Revision.flags, Decision.findings,
        Revision.id, Revision.comment_id, Revision.site_id, Revision.thread_id, Revision.number,
        Revision.body, Revision.form_trap_filled, Revision.form_seconds, Revision.created_at,
        Comment.created_at, Comment.author_id, Comment.author_name, Comment.address_hash,
        Thread.page, Thread.url, Thread.title, Thread.mode,
    )
    .join(Comment, Comment.id == Revision.comment_id)
    .join(Thread, Thread.id == Revision.thread_id)
    .outerjoin(SearchEntry, SearchEntry.revision_id == Revision.id)
    .outerjoin(
        Decision,
        (Decision.revision_id == Revision.id) & (Decision.actor == Actor.SCREENING),
    )
    .order_by(Revision.id.desc())
)  # fmt: skip
SET_RISK = update(REVISIONS).where(REVISIONS.c.id == bindparam("key")).values(risk=bindparam("to"))


@dataclass(frozen=True, slots=True)
class Older:
    """A revision without an entry, and what screening found then."""

    revision: Claimed
    flags: Sequence[str]
    findings: Sequence[dict[str, Any]]


def before(session: Session) -> UUID | None:
    """Up to where it has come; None where nothing is left."""
    return session.scalar(select(Backfill.before).where(Backfill.name == BACKFILL))


def older(session: Session, before: UUID, *, batch: int) -> tuple[list[Older], UUID | None]:
    """The next ones, and up to where that is; None at the end."""
    rows = session.execute(OLDER.where(Revision.id < before).limit(batch)).all()
    found = [
        Older(Claimed(*row[4:]), [flag for flag in row[2].split(",") if flag], row[3] or [])
        for row in rows
        if row[0] is None and row[1] != State.RECEIVED  # screening enters those itself
    ]
    return found, rows[-1][4] if len(rows) == batch else None


def not_erased(session: Session, revision_ids: Collection[UUID]) -> Sequence[UUID]:
    """Of those that were read before: whoever erases one now waits until the commit.

    By the row that is locked, since of what another one says PostgreSQL would see the old.
    """
    query = select(Revision.id).where(Revision.id.in_(revision_ids), Revision.body != "")
    return session.scalars(query.with_for_update(read=True)).all()


def move_on(session: Session, *, before: UUID, to: UUID | None) -> bool:
    """Whether nobody else did meanwhile."""
    is_there = (Backfill.name == BACKFILL) & (Backfill.before == before)
    if to is None:
        gone = session.execute(delete(Backfill).where(is_there).returning(Backfill.name))
        return gone.one_or_none() is not None
    moved = update(Backfill).where(is_there).values(before=to).returning(Backfill.name)
    return session.execute(moved).one_or_none() is not None


def set_risks(session: Session, risks: dict[UUID, float]) -> None:
    if risks:
        session.connection().execute(SET_RISK, [{"key": id, "to": to} for id, to in risks.items()])
