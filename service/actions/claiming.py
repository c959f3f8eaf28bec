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


def claim_suspect(session: Session, *, lease_seconds: int) -> list[Claimed]:
    # Nearly always there is none; reading holds up nobody, writing does.
    if not claims.any_suspect(session, lease_seconds=lease_seconds):
        session.rollback()  # or the worker would go on seeing what there was now
        return []
    begin_write(session)
    claimed = claims.claim_suspect(session, lease_seconds=lease_seconds)
    session.commit()
    return claimed
