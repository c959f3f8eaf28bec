"""Claiming what was received, for the worker that is to judge it."""

from sqlalchemy.orm import Session

from service.store import claims
from service.store.claims import Claimed
from service.store.db import begin_write


def claim_fresh(session: Session, *, batch: int, lease_seconds: int) -> list[Claimed]:
    begin_write(session)
    claimed = claims.claim_fresh(session, batch=batch, lease_seconds=lease_seconds)
    session.commit()
    return claimed


def claim_suspects(session: Session, *, batch: int, lease_seconds: int) -> list[Claimed]:
    """One alone, lest it take others with it; two where a whole batch of them waits, and so on.

    Where judges die again and again, and not of a comment, those that they leave would otherwise
    become more faster than they are judged.
    """
    # Nearly always there is none; reading holds up nobody, writing does.
    waiting = claims.suspects(session, most=batch**2, lease_seconds=lease_seconds)
    if not waiting:
        session.rollback()  # or the worker would go on seeing what there was now
        return []
    begin_write(session)
    together = min(batch, 1 + waiting // batch)
    claimed = claims.claim_suspects(session, most=together, lease_seconds=lease_seconds)
    session.commit()
    return claimed
