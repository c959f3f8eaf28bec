"""Replays: past comments judged with another policy, by the code of screening, without acting.

Each round is a process, and several share a replay: whoever is free claims the next piece of it.
"""

import logging
import signal
from collections.abc import Callable, Sequence
from types import FrameType
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions import replaying
from service.config import Settings
from service.domain.policy import Policy
from service.domain.replay import Compared, Comparison
from service.store import facts, past, replays, sites
from service.store.db import session_at
from service.store.past import Screened
from service.store.sites import SiteRecord
from workers import screening
from workers.checks import Check
from workers.confinement import confine_memory, ending_after

log = logging.getLogger(__name__)

LEASES = 4  # of screening: a piece is longer than a batch, and gives way to everything
LONGEST_PIECE = 300  # seconds; for what hangs, not for what is slow


def replay_all(settings: Settings, checks: Sequence[Check]) -> None:
    """Work on replays until none is left, or until SIGTERM: then the piece in hand is finished."""
    confine_memory()
    stopping = []

    def stop_soon(_signal: int, _frame: FrameType | None) -> None:
        stopping.append(True)

    signal.signal(signal.SIGTERM, stop_soon)
    try:
        with session_at(settings.database_url) as session:
            replay(session, settings, checks, is_stopping=lambda: bool(stopping))
    except Exception as error:
        # Only the kind: messages of the database quote what people wrote.
        log.error("a replay broke off", extra={"error": type(error).__name__})


def replay(
    session: Session,
    settings: Settings,
    checks: Sequence[Check],
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    piece_size: int = replays.PIECE,
) -> None:
    asked: dict[UUID, tuple[SiteRecord, Policy]] = {}
    # Reading holds up nobody, so what is due is looked for before anything is written.
    lease_seconds = LEASES * settings.lease_seconds
    while not is_stopping() and replays.are_due(session, lease_seconds=lease_seconds):
        _start_waiting(session, piece_size)
        piece = replaying.claim(session, lease_seconds=lease_seconds)
        if piece is None:
            return
        if piece.replay_id not in asked:
            site_id, stored = replays.asked(session, piece.replay_id)
            policy = screening.in_force(Policy.from_json(stored), settings)
            asked[piece.replay_id] = sites.find_by_id(session, site_id), policy
        site, policy = asked[piece.replay_id]
        with ending_after(LONGEST_PIECE):
            screened = past.screened(session, site.id, piece)
            found = _compare(session, site, screened, policy=policy, checks=checks)
            replaying.record(session, piece, found)


def _start_waiting(session: Session, piece_size: int) -> None:
    while (waiting := replays.next_waiting(session)) is not None:
        pieces = replays.cut(session, waiting, size=piece_size)
        if replaying.start(session, waiting.id, pieces):
            log.info("a replay begins", extra={"replay": str(waiting.id), "pieces": len(pieces)})


def _compare(
    session: Session,
    site: SiteRecord,
    screened: Sequence[Screened],
    *,
    policy: Policy,
    checks: Sequence[Check],
) -> Comparison:
    found = Comparison()
    if not screened:
        return found
    judgements = screening.judged(
        session,
        site,
        [one.revision for one in screened],
        policy=policy,
        checks=checks,
        gather=facts.gather_as_of_then,
    )
    for one, judgement in zip(screened, judgements, strict=True):
        found.note(
            Compared(
                revision=one.revision.id,
                comment=one.revision.comment_id,
                then=one.then,
                flags=one.flags,
                moderator=one.moderator,
                findings=judgement.findings,
            )
        )
    return found
