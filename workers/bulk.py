"""Bulk decisions: worked on between batches of screening, by whatever worker is free."""

import logging
import time

from sqlalchemy.orm import Session

from service.actions import bulk
from service.bell import Bell
from service.store import batches

log = logging.getLogger(__name__)

LONGEST_TURN = 1.0  # seconds, after which comments that came meanwhile are judged


def work(session: Session, bell: Bell, *, longest: float = LONGEST_TURN) -> bool:
    """Decide piece by piece; answers whether anything is left."""
    until = time.monotonic() + longest
    while batches.are_due(session):
        session.rollback()  # or the worker would go on seeing what there was now
        batch_id = bulk.begin(session)
        if batch_id is None:
            return False  # others have it in hand, or it failed
        while bulk.work(session, bell, batch_id):
            if time.monotonic() > until:
                return True
        if not bulk.has_ended(session, batch_id):
            return False  # others have the rest in hand
        log.info("a bulk decision is made", extra={"batch": str(batch_id)})
    session.rollback()
    return False
