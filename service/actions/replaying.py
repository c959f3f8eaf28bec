"""Replays: asked for by moderators, judged piece by piece, and never acting on a comment."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import NotFound, TooManyReplays
from service.domain.replay import Comparison, Stage
from service.store import replays
from service.store.db import begin_write
from service.store.replay_models import Replay
from service.store.replays import Piece
from service.store.sites import SiteRecord

MOST_UNFINISHED = 5  # of one site
KEPT_DAYS = 30


def ask(
    session: Session,
    site: SiteRecord,
    *,
    settings: dict[str, Any] | None,
    since: datetime | None,
    last: int | None,
    by: str,
) -> UUID:
    """Without settings the site's present policy is replayed. Raises TooManyReplays."""
    begin_write(session)
    if replays.unfinished(session, site.id) >= MOST_UNFINISHED:
        raise TooManyReplays
    replay = Replay(
        site_id=site.id,
        settings=site.policy.as_json() if settings is None else settings,
        policy_version=site.policy_version,
        since=since,
        last=last,
        by=by,
    )
    replays.add(session, replay)
    session.commit()
    return replay.id


def cancel(session: Session, replay_id: UUID, *, sites: Collection[UUID] | None) -> None:
    """Nothing happens to one that has ended. Raises NotFound, as for those of other sites."""
    begin_write(session)
    found = replays.find(session, replay_id)
    if found is None or (sites is not None and found.Replay.site_id not in sites):
        raise NotFound
    replays.end(session, replay_id, Stage.CANCELLED)
    session.commit()


def start(session: Session, replay_id: UUID, pieces: Sequence[Piece]) -> bool:
    """Whether it was waiting. Where there is nothing to judge it ends at once."""
    begin_write(session)
    started = replays.start(session, replay_id, pieces)
    if started and not pieces:
        replays.end(session, replay_id, Stage.DONE)
    session.commit()
    return started


def claim(session: Session, *, lease_seconds: float) -> Piece | None:
    """The next piece to judge, if others have left any."""
    begin_write(session)
    for replay_id in replays.given_up(session, lease_seconds=lease_seconds):
        replays.end(session, replay_id, Stage.FAILED)
    piece = replays.claim(session, lease_seconds=lease_seconds)
    session.commit()
    return piece


def record(session: Session, piece: Piece, found: Comparison) -> None:
    """Add what was found in a piece, once, however often it was judged."""
    begin_write(session)
    replay = replays.locked(session, piece.replay_id)
    if replays.take_away(session, piece):
        comparison = Comparison.from_json(replay.result or Comparison().as_json())
        comparison.add(found)
        replay.result = comparison.as_json()
        replay.done += piece.size
        session.flush()
        if not replays.are_left(session, replay.id):
            replays.end(session, replay.id, Stage.DONE)
    session.commit()


def forget(session: Session) -> int:
    """Delete replays that ended a month ago; answers how many."""
    begin_write(session)
    forgotten = replays.forget(session, days=KEPT_DAYS)
    session.commit()
    return forgotten
