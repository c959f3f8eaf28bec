"""Catching up: what a migration left undone is done batch by batch, while all else goes on."""

from sqlalchemy.orm import Session

from service.domain.findings import Finding, Verdict
from service.domain.risk import risk
from service.store import catching_up, search
from service.store.catching_up import Older
from service.store.db import begin_write


def enter_older(session: Session, *, batch: int) -> bool:
    """Make the next older comments searchable; answers whether more are left."""
    before = catching_up.before(session)
    if before is None:
        session.rollback()
        return False
    older, to = catching_up.older(session, before, batch=batch)
    words = {one.revision.id: search.words_of(one.revision, one.flags) for one in older}
    risks = {one.revision.id: _risk(one) for one in older}
    begin_write(session)
    if catching_up.move_on(session, before=before, to=to):
        kept = catching_up.not_erased(session, words)
        search.enter(session, {id: words[id] for id in kept})
        catching_up.set_risks(session, risks)
    session.commit()
    return to is not None


def _risk(one: Older) -> float:
    return risk(
        [
            Finding(
                found["check"],
                Verdict(found["verdict"]),
                score=found.get("score"),
                model=found.get("model"),
            )
            for found in one.findings
        ]
    )
