"""What screening decided in the past, what it knew then, and what moderators made of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, case, func, or_, select, text
from sqlalchemy.orm import Session

from service.domain.states import Actor, State
from service.store.claims import Claimed
from service.store.db import AnySelect
from service.store.decided import is_undone
from service.store.models import Comment, Decision, Revision, Thread
from service.store.replays import Piece

REVISIONS, COMMENTS = cast(Table, Revision.__table__), cast(Table, Comment.__table__)
DECISIONS = cast(Table, Decision.__table__)
REFUSALS = [State.REJECTED, State.SPAM]

SCREENED: AnySelect = (
    select(
        Decision.target, Revision.flags,
        Revision.id, Revision.comment_id, Revision.site_id, Revision.thread_id, Revision.number,
        Revision.body, Revision.form_trap_filled, Revision.form_seconds, Revision.created_at,
        Comment.created_at, Comment.author_id, Comment.author_name, Comment.address_hash,
        Thread.page, Thread.url, Thread.title, Thread.mode,
    )
    .join(Comment, Comment.id == Revision.comment_id)
    .join(Thread, Thread.id == Revision.thread_id)
    .join(Decision, Decision.revision_id == Revision.id)
    .where(
        Decision.actor == Actor.SCREENING,
        Comment.erased_at.is_(None),
        Revision.site_id == bindparam("site"),
        Revision.created_at.between(bindparam("first_at"), bindparam("last_at")),
        or_(Revision.created_at > bindparam("first_at"), Revision.id >= bindparam("first_id")),
        or_(Revision.created_at < bindparam("last_at"), Revision.id <= bindparam("last_id")),
    )
)  # fmt: skip
BY_MODERATORS = (
    select(DECISIONS.c.revision_id, DECISIONS.c.to_state)
    .where(
        DECISIONS.c.revision_id.in_(bindparam("revisions", expanding=True)),
        DECISIONS.c.actor == Actor.MODERATOR,
        ~is_undone(DECISIONS.c),
    )
    .order_by(DECISIONS.c.id)
)
# Whatever comes to a state once more has left it in between, so the moves can be added up.
SINCE = case((DECISIONS.c.created_at >= bindparam("first"), DECISIONS.c.created_at))


def _balance(states: Sequence[State]) -> ColumnElement[int]:
    """How many came to these states, less those that left them."""
    came = case((DECISIONS.c.to_state.in_(states), 1), else_=0)
    left = case((DECISIONS.c.from_state.in_(states), 1), else_=0)
    return func.sum(came - left)


RECORDS = (
    select(COMMENTS.c.author_id, SINCE, _balance([State.APPROVED]), _balance(REFUSALS))
    .join(COMMENTS, COMMENTS.c.id == DECISIONS.c.comment_id)
    .where(
        COMMENTS.c.author_id.in_(bindparam("authors", expanding=True)),
        DECISIONS.c.created_at < bindparam("last"),
    )
    .group_by(COMMENTS.c.author_id, text("2"))
)
# No edit may slip past these unseen.
IS_REFUSAL = DECISIONS.c.actor.in_([Actor.REPORTS, Actor.REMOVAL]) | (
    (DECISIONS.c.actor == Actor.MODERATOR) & DECISIONS.c.to_state.in_(REFUSALS)
)
REFUSING = select(DECISIONS.c.comment_id, DECISIONS.c.created_at).where(
    DECISIONS.c.comment_id.in_(bindparam("comments", expanding=True)), IS_REFUSAL
)


@dataclass(frozen=True, slots=True)
class Screened:
    """A revision that screening decided on, as it was sent."""

    revision: Claimed
    then: State
    flags: Sequence[str]  # the checks that did not pass
    moderator: State | None  # the last decision of a moderator, if there was one


class Record(NamedTuple):
    """How many comments of an author were public, and how many versions were refused."""

    approved: int = 0
    refused: int = 0


def screened(session: Session, site_id: UUID, piece: Piece) -> list[Screened]:
    """The revisions of a piece, without those that were withdrawn before they were judged."""
    given = {
        "site": site_id,
        "first_at": piece.first_at,
        "first_id": piece.first_id,
        "last_at": piece.last_at,
        "last_id": piece.last_id,
    }
    connection = session.connection()
    found = connection.execute(SCREENED, given).all()
    rows = [(State(then), flags, Claimed(*claimed)) for then, flags, *claimed in found]
    ids = {"revisions": [row.id for _, _, row in rows]}
    last = {revision: State(to) for revision, to in connection.execute(BY_MODERATORS, ids)}
    return [
        Screened(row, then, flags.strip(",").split(",") if flags else (), last.get(row.id))
        for then, flags, row in rows
    ]


def records_before(session: Session, batch: Sequence[Claimed]) -> dict[UUID, Record]:
    """How its author stood when each revision was sent."""
    authors = list({row.author_id for row in batch if row.author_id is not None})
    if not authors:
        return {}
    times = [row.created_at for row in batch]
    given = {"authors": authors, "first": min(times), "last": max(times)}
    moves: dict[UUID, list[tuple[datetime | None, int, int]]] = defaultdict(list)
    for author, *move in session.connection().execute(RECORDS, given):
        moves[author].append(tuple(move))
    return {
        row.id: _sum(moves[row.author_id], until=row.created_at)
        for row in batch
        if row.author_id is not None
    }


def _sum(moves: Sequence[tuple[datetime | None, int, int]], *, until: datetime) -> Record:
    """Those without a time came before all of the batch."""
    before = [move for move in moves if move[0] is None or move[0] < until]
    return Record(sum(move[1] for move in before), sum(move[2] for move in before))


def refused_before(session: Session, batch: Sequence[Claimed]) -> set[UUID]:
    """Edits that were sent after some version of the comment had been refused."""
    edits = [row for row in batch if row.number > 1]
    if not edits:
        return set()
    given = {"comments": [row.comment_id for row in edits]}
    first: dict[UUID, datetime] = {}
    for comment, at in session.connection().execute(REFUSING, given):
        first[comment] = min(at, first.get(comment, at))
    return {row.id for row in edits if first.get(row.comment_id, row.created_at) < row.created_at}
