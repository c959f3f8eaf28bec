"""Replays and their pieces. The row of a replay says what was asked for and what was found."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from service.domain.replay import MOST_REPLAYED, UNFINISHED, Comparison, Stage
from service.store.claims import MAX_ATTEMPTS, is_over, longest
from service.store.db import AnyRow, now
from service.store.models import Revision, Site
from service.store.replay_models import Replay, ReplayPiece

PIECE = 250  # revisions: what is judged in one go, and once more after a crash

IS_FREE = is_over(ReplayPiece.lease_until)
CLAIMABLE = IS_FREE & (ReplayPiece.attempts < MAX_ATTEMPTS)
DUE = select(exists().where(Replay.stage == Stage.WAITING) | exists().where(IS_FREE))
GIVEN_UP = IS_FREE & (ReplayPiece.attempts >= MAX_ATTEMPTS)


@dataclass(frozen=True, slots=True)
class Piece:
    """A range of revisions, by when they were sent, that is judged in one go."""

    replay_id: UUID
    number: int
    size: int
    first_at: datetime
    first_id: UUID
    last_at: datetime
    last_id: UUID


def add(session: Session, replay: Replay) -> None:
    session.add(replay)
    session.flush()


def find(session: Session, replay_id: UUID) -> AnyRow | None:
    """The replay and the key of its site."""
    query = select(Replay, Site.key.label("site")).join(Site, Site.id == Replay.site_id)
    return session.execute(query.where(Replay.id == replay_id)).one_or_none()


def of_site(session: Session, site_id: UUID, *, limit: int) -> Sequence[Replay]:
    """The newest first."""
    query = select(Replay).where(Replay.site_id == site_id).order_by(Replay.id.desc())
    return session.scalars(query.limit(limit)).all()


def texts(session: Session, revision_ids: Sequence[UUID], *, characters: int) -> dict[UUID, str]:
    """The beginnings of those that are there still."""
    beginning = func.substr(Revision.body, 1, characters)
    query = select(Revision.id, beginning).where(Revision.id.in_(revision_ids))
    return {revision: text for revision, text in session.execute(query)}  # noqa: C416


def unfinished(session: Session, site_id: UUID) -> int:
    query = select(func.count()).where(Replay.site_id == site_id, Replay.stage.in_(UNFINISHED))
    return session.execute(query).scalar_one()


def next_waiting(session: Session) -> Replay | None:
    """The one that has waited the longest."""
    query = select(Replay).where(Replay.stage == Stage.WAITING).order_by(Replay.id).limit(1)
    return session.scalars(query).one_or_none()


def asked(session: Session, replay_id: UUID) -> tuple[UUID, dict[str, Any]]:
    """Of which site, and the settings of which policy."""
    query = select(Replay.site_id, Replay.settings).where(Replay.id == replay_id)
    site_id, settings = session.execute(query).one()
    return site_id, settings


def cut(session: Session, replay: Replay, *, size: int) -> list[Piece]:
    """All that it asks for, the newest first."""
    query = (
        select(Revision.created_at, Revision.id)
        .where(Revision.site_id == replay.site_id)
        .order_by(Revision.created_at.desc(), Revision.id.desc())
        .limit(replay.last or MOST_REPLAYED)
        .execution_options(yield_per=size)
    )
    if replay.since is not None:
        query = query.where(Revision.created_at >= replay.since)
    found = session.execute(query).partitions()
    return [
        Piece(replay.id, number, len(rows), *rows[-1], *rows[0])
        for number, rows in enumerate(found)
    ]


def start(session: Session, replay_id: UUID, pieces: Sequence[Piece]) -> bool:
    """Of two processes that would start it, one does."""
    started = session.execute(
        update(Replay)
        .where(Replay.id == replay_id, Replay.stage == Stage.WAITING)
        .values(
            stage=Stage.RUNNING,
            started_at=now(),
            total=sum(piece.size for piece in pieces),
            result=Comparison().as_json(),
        )
        .returning(Replay.id)
    ).one_or_none()
    if started is not None and pieces:
        session.execute(insert(ReplayPiece), [asdict(piece) for piece in pieces])
    return started is not None


def are_due(session: Session, *, lease_seconds: float) -> bool:
    """Whether a replay waits, or a piece could be claimed or has to be given up."""
    return session.connection().execute(DUE, {"longest": longest(lease_seconds)}).scalar_one()


def claim(session: Session, *, lease_seconds: float) -> Piece | None:
    """One for this process alone, of the oldest replay, for a time."""
    row = session.execute(
        select(*(getattr(ReplayPiece, item.name) for item in fields(Piece)))
        .where(CLAIMABLE)
        .order_by(ReplayPiece.replay_id, ReplayPiece.number)
        .limit(1)
        .with_for_update(skip_locked=True),
        {"longest": longest(lease_seconds)},
    ).one_or_none()
    if row is None:
        return None
    piece = Piece(*row)
    session.execute(
        update(ReplayPiece)
        .where(_is_that_of(piece))
        .values(attempts=ReplayPiece.attempts + 1, lease_until=now(lease_seconds))
    )
    return piece


def _is_that_of(piece: Piece) -> ColumnElement[bool]:
    return (ReplayPiece.replay_id == piece.replay_id) & (ReplayPiece.number == piece.number)


def given_up(session: Session, *, lease_seconds: float) -> Sequence[UUID]:
    """Replays with a piece on which judging broke off as often as is allowed."""
    query = select(ReplayPiece.replay_id).where(GIVEN_UP).distinct()
    return session.scalars(query, {"longest": longest(lease_seconds)}).all()


def locked(session: Session, replay_id: UUID) -> Replay:
    """For whoever changes it or takes its pieces away; in this order nobody waits in a circle."""
    return session.scalars(select(Replay).where(Replay.id == replay_id).with_for_update()).one()


def take_away(session: Session, piece: Piece) -> bool:
    """Whether it was there still: its result counts once, and not after a cancellation."""
    is_this = _is_that_of(piece)
    gone = session.execute(delete(ReplayPiece).where(is_this).returning(ReplayPiece.number))
    return gone.one_or_none() is not None


def are_left(session: Session, replay_id: UUID) -> bool:
    return session.scalar(select(exists().where(ReplayPiece.replay_id == replay_id))) is True


def end(session: Session, replay_id: UUID, stage: Stage) -> bool:
    """Whether it was under way. What it found so far stays."""
    ended = session.execute(
        update(Replay)
        .where(Replay.id == replay_id, Replay.stage.in_(UNFINISHED))
        .values(stage=stage, ended_at=now())
        .returning(Replay.id)
    ).one_or_none()
    session.execute(delete(ReplayPiece).where(ReplayPiece.replay_id == replay_id))
    return ended is not None


def forget(session: Session, *, days: int) -> int:
    """Delete what ended so long ago; answers how many."""
    old = delete(Replay).where(Replay.ended_at < now(-days * 86_400))
    return len(session.execute(old.returning(Replay.id)).all())


def leave_out(session: Session, site_ids: Collection[UUID], comment_ids: Collection[UUID]) -> None:
    """Take these comments out of the examples, whose findings quote what was written."""
    query = select(Replay).where(Replay.site_id.in_(site_ids)).with_for_update()
    names = {str(id) for id in comment_ids}
    for replay in session.scalars(query.execution_options(populate_existing=True)):
        if replay.result is not None:
            comparison = Comparison.from_json(replay.result)
            comparison.leave_out(names)
            replay.result = comparison.as_json()
    session.flush()
